package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.http.Refused;
import dev.signalbox.cli.http.Unreachable;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Plain;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A run's journal, entry by entry.
///
/// Guarantee: whoever follows sees every entry once, in order, whatever happens to the connection:
/// the position is the journal's own, and a server that is away is asked again.
final class RunEvents {

    private static final Set<String> LAST = Set.of("run_completed", "run_failed", "run_cancelled");
    private static final int PAGE = 200;
    private static final long LOOK_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final Session session;
    private final Query journal;
    private final List<Json> collected = new ArrayList<>();

    RunEvents(Session session, String run) {
        this.session = session;
        this.journal = Query.of(Session.API, "runs", run, "journal").with("limit", PAGE);
    }

    int print(long after, boolean follow) {
        long position = after;
        boolean ended = false;
        boolean begun = false;
        while (!ended) {
            List<Json> entries = begun ? patiently(position) : page(position);
            begun = true;
            for (Json entry : entries) {
                position = Field.number(entry, "seq");
                ended = LAST.contains(Field.text(entry, "type"));
                write(entry, follow);
            }
            if (entries.size() < PAGE && !ended) {
                if (!follow) {
                    break;
                }
                session.pause(LOOK_MILLIS);
            }
        }
        return follow || session.forPeople()
                ? ExitCode.OK
                : session.show(new JsonArray(collected), _ -> {});
    }

    private List<Json> page(long position) {
        return Field.items(session.operator().get(journal.after(position)), "items");
    }

    private List<Json> patiently(long position) {
        long pause = LOOK_MILLIS;
        while (true) {
            try {
                List<Json> entries = page(position);
                if (pause > LOOK_MILLIS) {
                    session.screen().note("signalbox: it is back");
                }
                return entries;
            } catch (Unreachable away) {
                told(away.explanation(), pause);
            } catch (Refused refused) {
                if (ExitCode.of(refused) != ExitCode.UNREACHABLE) {
                    throw refused;
                }
                told(refused.explanation(), pause);
            }
            session.pause(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    private void told(String explanation, long pause) {
        if (pause == LOOK_MILLIS) {
            session.screen().note("signalbox: " + explanation + " Trying again.");
        }
    }

    /// People and those who follow get entries one by one; a program that wants all, all at once.
    private void write(Json entry, boolean follow) {
        if (session.forPeople()) {
            session.screen().made(line(entry));
            session.screen().results().flush();
        } else if (follow) {
            session.show(entry, _ -> {});
            session.screen().results().flush();
        } else {
            collected.add(entry);
        }
    }

    private static String line(Json entry) {
        return "%5s  %s  %-22s %s%n"
                .formatted(
                        Field.text(entry, "seq"),
                        Plain.line(Field.text(entry, "at")),
                        Plain.line(Field.text(entry, "type")),
                        Plain.line(Field.text(entry, "data")));
    }
}
