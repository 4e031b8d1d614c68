package dev.signalbox.cli;

import dev.signalbox.cli.http.Query;
import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Decisions on exact calls.
///
/// Guarantee: nothing is approved that nobody has looked at. A decision names the digest of the
/// call; without one the call is shown and the person who is there is asked.
@Command(name = "approvals", description = "See what waits for a person, and decide.")
final class ApprovalsCommands extends Group {

    private static final Table APPROVALS =
            new Table()
                    .state("status", "status")
                    .column("id", "id")
                    .column("tool", "tool")
                    .column("requested", "requestedAt")
                    .column("expires", "expiresAt")
                    .column("arguments", "arguments");

    private final Session session;

    ApprovalsCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "Approvals, the longest-waiting first.")
    int list(
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            defaultValue = "pending",
                            description = "${DEFAULT-VALUE} by default; all for every one.")
                    String status,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "At most so many; ${DEFAULT-VALUE} by default.")
                    int limit) {
        return session.list(
                Query.of(Session.API, "approvals")
                        .with("status", status.equals("all") ? null : status),
                limit,
                APPROVALS,
                "No approval waits.");
    }

    @Command(name = "show", description = "One approval, with the exact call.")
    int show(@Parameters(paramLabel = "APPROVAL", description = "Its id.") String id) {
        Json approval = approval(id);
        return session.show(approval, screen -> print(screen, approval));
    }

    @Command(name = "approve", description = "Lets the call out.")
    int approve(
            @Parameters(paramLabel = "APPROVAL", description = "Its id.") String id,
            @Option(
                            names = "--digest",
                            paramLabel = "SHA256",
                            description =
                                    "Of the call that you have looked at; without it you are shown"
                                            + " the call and asked.")
                    @Nullable String digest,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return decide(id, "approve", digest, reason, Optional.empty());
    }

    @Command(name = "reject", description = "Keeps the call in; the agent is told why.")
    int reject(
            @Parameters(paramLabel = "APPROVAL", description = "Its id.") String id,
            @Option(
                            names = "--digest",
                            paramLabel = "SHA256",
                            description =
                                    "Of the call that you have looked at; without it you are shown"
                                            + " the call and asked.")
                    @Nullable String digest,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return decide(id, "reject", digest, reason, Optional.empty());
    }

    @Command(
            name = "edit",
            description = "Wants other arguments: a new call, which the policy sees again.")
    int edit(
            @Parameters(paramLabel = "APPROVAL", description = "Its id.") String id,
            @Option(
                            names = "--arguments",
                            required = true,
                            paramLabel = "JSON",
                            description = "All arguments: JSON, @FILE or -.")
                    String arguments,
            @Option(
                            names = "--digest",
                            paramLabel = "SHA256",
                            description =
                                    "Of the call that you have looked at; without it you are shown"
                                            + " the call and asked.")
                    @Nullable String digest,
            @Option(
                            names = "--reason",
                            required = true,
                            paramLabel = "TEXT",
                            description = "Why; kept with the record.")
                    String reason) {
        return decide(
                id,
                "edit",
                digest,
                reason,
                Optional.of(session.given().object("--arguments", arguments)));
    }

    private int decide(
            String id,
            String decision,
            @Nullable String digest,
            String reason,
            Optional<Json> arguments) {
        Optional<String> seen =
                digest == null ? lookedAt(id, decision, arguments) : Optional.of(digest);
        if (seen.isEmpty()) {
            session.screen().note("Nothing was decided.");
            return ExitCode.FAILED;
        }
        Map<String, Optional<? extends Json>> body = new LinkedHashMap<>();
        body.put("decision", Optional.of(Json.text(decision)));
        body.put("callDigest", seen.map(Json::text));
        body.put("reason", Optional.of(Json.text(reason)));
        body.put("arguments", arguments);
        Json approval =
                session.operator()
                        .post(
                                Query.of(Session.API, "approvals", id, "decisions"),
                                Session.body(body));
        return session.show(
                approval,
                screen ->
                        screen.text(
                                id
                                        + ": your decision is recorded; the approval is "
                                        + Field.text(approval, "status")));
    }

    /// The digest of the call that the person has just been shown and said yes to.
    private Optional<String> lookedAt(String id, String decision, Optional<Json> arguments) {
        if (!session.attended()) {
            throw new IllegalArgumentException(
                    "--digest is missing: say which call you have looked at");
        }
        Json approval = approval(id);
        Screen screen = session.screen();
        print(new Screen(screen.notes(), screen.notes(), false, false, 0), approval);
        arguments.ifPresent(instead -> screen.note("instead       " + instead.canonical()));
        return session.confirmed("You are about to " + decision + " this call.")
                ? Optional.of(Field.text(approval, "callDigest"))
                : Optional.empty();
    }

    private Json approval(String id) {
        return session.operator().get(Query.of(Session.API, "approvals", id));
    }

    private static void print(Screen screen, Json approval) {
        new Sheet()
                .line("approval", approval, "id")
                .state("status", approval, "status")
                .line("tool", approval, "tool")
                .line("arguments", approval, "arguments")
                .line("side effect", approval, "sideEffect")
                .line("digest", approval, "callDigest")
                .line("policy", approval, "policy")
                .line("rule", approval, "ruleId")
                .line("because", approval, "reason")
                .line("approvers", approval, "approvers")
                .line("quorum", approval, "quorum")
                .line("four eyes", approval, "fourEyes")
                .line("run", approval, "runId")
                .line("asked for by", approval, "requestedBy")
                .line("requested", approval, "requestedAt")
                .line("expires", approval, "expiresAt")
                .line("on expiry", approval, "onExpiry")
                .line("decisions", decisions(approval))
                .print(screen);
    }

    private static String decisions(Json approval) {
        return Field.items(approval, "decisions").stream()
                .map(
                        one ->
                                Field.text(one, "decision")
                                        + " by "
                                        + Field.text(one, "by")
                                        + ": "
                                        + Field.text(one, "reason"))
                .collect(Collectors.joining("; "));
    }
}
