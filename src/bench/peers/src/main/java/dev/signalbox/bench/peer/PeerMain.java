package dev.signalbox.bench.peer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// One peer in a process of its own, led by the benchmark over standard input and output.
///
/// Says `ready PID...`, or `absent REASON`. Answers `loop CONCURRENCY MILLIS STEPS` with
/// `done NANOS TIME...`: how long it took, and how long each workflow took; before that `prepare
/// CONCURRENCY` with `prepared`, after that `rest` with `rested`. Ends with its input.
public final class PeerMain {

    private PeerMain() {}

    /// @param arguments the peer's name, then what it needs to know
    public static void main(String... arguments) throws Exception {
        try (Peer peer = peer(arguments)) {
            say("ready " + peer.processes().stream().map(Object::toString).collect(Collectors.joining(" ")));
            obey(peer);
        } catch (Exception failed) {
            say("absent " + String.valueOf(failed.getMessage()).lines().findFirst().orElse("?"));
            failed.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static Peer peer(String... arguments) throws Exception {
        return switch (arguments[0]) {
            case "insert" -> new InsertPeer(new Connections(arguments[1]));
            case "journal" -> new JournalPeer(new Connections(arguments[1]));
            case "dbos" -> new DbosPeer(arguments[1]);
            case "restate" -> new RestatePeer(arguments[1], arguments[2]);
            default -> throw new IllegalArgumentException("no such peer: " + arguments[0]);
        };
    }

    private static void obey(Peer peer) throws Exception {
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", -1);
            say(
                    switch (words[0]) {
                        case "prepare" -> {
                            peer.prepare(Integer.parseInt(words[1]));
                            yield "prepared";
                        }
                        case "loop" -> loop(peer, words);
                        case "rest" -> {
                            peer.rest();
                            yield "rested";
                        }
                        default -> throw new IllegalArgumentException(order);
                    });
        }
    }

    private static String loop(Peer peer, String... words) throws InterruptedException {
        int steps = Integer.parseInt(words[3]);
        ClosedLoop loop =
                new ClosedLoop(
                        Integer.parseInt(words[1]),
                        Long.parseLong(words[2]) * 1_000_000,
                        () -> peer.workflow(steps));
        return "done " + loop.run();
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
