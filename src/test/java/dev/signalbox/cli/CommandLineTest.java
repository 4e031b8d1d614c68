package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.cli.Cli.Outcome;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.operator.AloneProfile;
import dev.signalbox.operator.Stations;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.support.Journals;
import dev.signalbox.support.TestTokens;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The command line against a running application. What a command prints for people is kept in
/// golden files.
@QuarkusTest
@TestProfile(AloneProfile.class)
class CommandLineTest {

    @Inject Stations stations;
    @Inject RunInbox inbox;
    @Inject RunStore runs;
    @Inject RunLeases leases;

    private static Outcome operator(String... arguments) {
        return Cli.as(TestTokens.OPERATOR).run(arguments);
    }

    private static Outcome ok(Outcome outcome) {
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isEqualTo(ExitCode.OK);
        return outcome;
    }

    @Test
    void a_run_is_shown_with_what_it_waits_for_and_what_it_did() {
        Journals run = stations.waiting();

        Outcome outcome = operator("runs", "show", run.id().toString());

        Golden.check("run-waiting", ok(outcome).out());
    }

    @Test
    void a_held_run_is_shown_with_the_call_to_reconcile() {
        Journals run = stations.held();

        Outcome outcome = operator("runs", "show", run.id().toString());

        Golden.check("run-held", ok(outcome).out());
    }

    @Test
    void runs_are_listed_and_found_by_a_filter() {
        Journals run = stations.failed();

        Outcome outcome =
                operator(
                        "runs",
                        "list",
                        "--status",
                        "failed,completed",
                        "--label",
                        "shop:lisbon",
                        "--text",
                        run.id().toString(),
                        "--attention");

        Golden.check("runs-list", ok(outcome).out());
    }

    @Test
    void more_than_a_page_is_fetched_page_by_page() {
        for (int i = 0; i < 5; i++) {
            stations.queued();
        }

        Outcome outcome = operator("runs", "list", "--limit", "3", "-o", "json");

        assertThat(((JsonArray) JsonCodec.parse(outcome.out())).items()).hasSize(3);
        assertThat(outcome.err()).contains("These are the first 3");
    }

    @Test
    void the_tree_and_the_journal_are_drawn() {
        Journals run = stations.completed();
        String id = run.id().toString();

        String tree = ok(operator("runs", "tree", id)).out();
        String events = ok(operator("runs", "events", id)).out();

        Golden.check("run-tree", tree);
        assertThat(events.lines()).hasSize(run.history().size());
        assertThat(events.lines().findFirst().orElseThrow()).contains("run_submitted");
        assertThat(ok(operator("runs", "events", id, "--after", "3")).out().lines())
                .hasSize(run.history().size() - 3);
        assertThat(ok(operator("runs", "state", id, "--seq", "1")).out())
                .contains("status: queued");
    }

    @Test
    void following_a_run_that_has_ended_ends() {
        Journals run = stations.completed();

        Outcome outcome = operator("runs", "events", run.id().toString(), "--follow");

        assertThat(ok(outcome).out().lines()).hasSize(run.history().size());
    }

    @Test
    void json_and_yaml_say_what_the_server_said() {
        Journals run = stations.waiting();
        String id = run.id().toString();

        String json = ok(operator("runs", "show", id, "--output", "json")).out();
        String yaml = ok(operator("runs", "show", id, "-o", "yaml")).out();

        assertThat(JsonCodec.parseObject(json).get("id"))
                .isEqualTo(Json.text(id));
        Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        assertThat(Json.of(read)).isEqualTo(JsonCodec.parse(json));
    }

    @Test
    void a_command_goes_to_the_runs_inbox_with_its_reason() {
        Journals run = stations.running();

        Outcome outcome =
                operator("runs", "hold", run.id().toString(), "--reason", "looks odd to me");

        assertThat(ok(outcome).out()).contains("is held before its next step");
        assertThat(inbox.read(run.id()).await().indefinitely().commands())
                .singleElement()
                .satisfies(command -> assertThat(command.reason()).isEqualTo("looks odd to me"));
    }

    @Test
    void of_several_runs_each_is_told_and_the_worst_code_counts() {
        Journals running = stations.running();
        Journals done = stations.completed();

        Outcome outcome =
                operator(
                        "runs",
                        "cancel",
                        done.id().toString(),
                        running.id().toString(),
                        "--reason",
                        "wrong orders");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.out()).contains(running.id() + ": is being cancelled");
        assertThat(outcome.err())
                .contains(done.id() + ": The run has ended: it is completed. (illegal_move)");
    }

    @Test
    void a_held_run_is_reconciled() {
        Journals run = stations.held();

        Outcome outcome =
                operator(
                        "reconcile",
                        run.id().toString(),
                        run.call().value(),
                        "--happened",
                        "--result",
                        "{\"paid\": 30}",
                        "--reason",
                        "it is in the ledger");

        assertThat(ok(outcome).out()).contains("recorded");
        assertThat(inbox.read(run.id()).await().indefinitely().commands()).hasSize(1);
    }

    @Test
    void an_approval_is_listed_shown_and_decided_by_its_digest() {
        Journals run = stations.waiting();
        String id = run.approval().id().toString();
        String digest = run.callDigest().value();

        assertThat(ok(operator("approvals", "list", "--limit", "200")).out()).contains(id);
        Golden.check("approval", ok(operator("approvals", "show", id)).out());
        assertThat(
                        operator("approvals", "approve", id, "--reason", "fine")
                                .err())
                .contains("--digest is missing");
        assertThat(
                        ok(
                                        operator(
                                                "approvals",
                                                "approve",
                                                id,
                                                "--digest",
                                                digest,
                                                "--reason",
                                                "the parcel came back"))
                                .out())
                .contains("the approval is approved");
    }

    @Test
    void without_a_digest_the_person_is_shown_the_call_and_asked() {
        Journals run = stations.waiting();
        String id = run.approval().id().toString();

        Outcome no =
                Cli.as(TestTokens.LEAD)
                        .typing("y\n")
                        .run("approvals", "reject", id, "--reason", "no");
        Outcome yes =
                Cli.as(TestTokens.LEAD)
                        .typing("yes\n")
                        .run("approvals", "reject", id, "--reason", "no");

        assertThat(no.code()).isEqualTo(ExitCode.FAILED);
        assertThat(no.err()).contains("payments.refund").contains("Nothing was decided");
        assertThat(yes.code()).isEqualTo(ExitCode.OK);
        assertThat(yes.out()).contains("the approval is rejected");
    }

    @Test
    void a_call_is_edited_with_arguments_from_a_pipe() {
        Journals run = stations.waiting();

        Outcome outcome =
                Cli.as(TestTokens.LEAD)
                        .piped("{\"orderId\": \"A-120\", \"amount\": 20}")
                        .run(
                                "approvals",
                                "edit",
                                run.approval().id().toString(),
                                "--arguments",
                                "-",
                                "--digest",
                                run.callDigest().value(),
                                "--reason",
                                "only a part");

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void definitions_are_checked_applied_and_shown(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("desk.yaml"),
                """
                kind: agent
                name: night-desk
                version: 2.0.0
                model: {provider: scripted, name: script}
                instructions: Be brief.
                policy: night
                script: [{text: '{}'}]
                """);
        Files.writeString(
                directory.resolve("policies.yml"), "kind: policy\nname: night\ndefault: deny\n");

        Outcome checked =
                Cli.as(TestTokens.VIEWER).in(directory).run("definitions", "validate", ".");
        Outcome applied =
                Cli.as(TestTokens.OPERATOR)
                        .in(directory)
                        .run("definitions", "apply", "desk.yaml", "policies.yml", "--reason", "r");
        Outcome wrong =
                Cli.as(TestTokens.VIEWER)
                        .piped("kind: agent\nnmae: x\n")
                        .run("definitions", "validate", "-");

        Golden.check("definitions-validate", checked.out() + checked.err());
        Golden.check("definitions-apply", ok(applied).out());
        assertThat(wrong.code()).isEqualTo(ExitCode.FAILED);
        assertThat(wrong.err()).contains("stdin:2").contains("(invalid_definition)");
        assertThat(ok(operator("definitions", "list")).out()).contains("night-desk");
        assertThat(ok(operator("definitions", "show", "night-desk")).out())
                .contains("instructions: \"Be brief.\"");
    }

    @Test
    void a_policy_is_tried_on_what_has_happened() {
        Journals run = stations.waiting("default");

        Outcome outcome =
                Cli.as(TestTokens.VIEWER)
                        .piped("kind: policy\nname: support\ndefault: allow\n")
                        .run(
                                "backtest",
                                "-",
                                "--since",
                                run.history().getFirst().at().toString(),
                                "--until",
                                run.history().getFirst().at().plusMillis(1).toString());

        Golden.check("backtest", ok(outcome).out());
    }

    @Test
    void many_runs_are_commanded_after_a_look_at_how_many() {
        Journals run = stations.running();
        String[] hold = {
            "bulk", "start", "hold", "--text", run.id().toString(), "--reason", "all of them"
        };

        Outcome unasked = operator(hold);
        Outcome no = Cli.as(TestTokens.OPERATOR).typing("no\n").run(hold);
        Outcome yes = Cli.as(TestTokens.OPERATOR).typing("yes\n").run(hold);

        assertThat(unasked.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unasked.err()).contains("--yes is missing");
        assertThat(no.code()).isEqualTo(ExitCode.FAILED);
        assertThat(no.err()).contains("hold 1 runs").contains("Nothing was commanded");
        assertThat(yes.code()).as(yes.err()).isZero();
        Golden.check("bulk", yes.out());
        assertThat(inbox.read(run.id()).await().indefinitely().commands()).hasSize(1);
    }

    @Test
    void a_failed_run_is_tried_again_by_a_new_one() {
        Journals run = stations.failed();

        Outcome outcome = operator("runs", "retry", run.id().toString(), "--reason", "once more");

        assertThat(ok(outcome).out()).contains("is tried again by a new run");
    }

    @Test
    void a_run_is_exported_and_checked_without_the_server(@TempDir Path directory)
            throws IOException {
        Journals run = stations.completed();
        String name = "signalbox-run-" + run.id() + ".json";

        Outcome exported =
                Cli.as(TestTokens.VIEWER).in(directory).run("export", run.id().toString());
        String bundle = Files.readString(directory.resolve(name));
        Files.writeString(
                directory.resolve("changed.json"),
                bundle.replaceFirst("\"type\": ?\"tool_started\"", "\"type\":\"tool_failed\""));
        Files.writeString(directory.resolve("cut.json"), bundle.substring(0, bundle.length() / 2));

        assertThat(exported.code()).as(exported.err()).isZero();
        assertThat(Cli.unconfigured().in(directory).run("verify", name).code()).isZero();
        Outcome changed = Cli.unconfigured().in(directory).run("verify", "changed.json");
        assertThat(changed.code()).isEqualTo(ExitCode.FAILED);
        assertThat(changed.out()).contains("event_changed");
        Outcome cut = Cli.unconfigured().in(directory).run("verify", "cut.json");
        assertThat(cut.code()).isEqualTo(ExitCode.FAILED);
        assertThat(cut.out()).contains("malformed");
        assertThat(
                        Cli.as(TestTokens.VIEWER)
                                .in(directory)
                                .run("export", run.id().toString())
                                .err())
                .contains("is there already");
        assertThat(directory.toFile().list()).hasSize(3);
    }

    @Test
    void the_overview_and_the_audit_are_there() {
        Journals run = stations.running();
        operator("runs", "hold", run.id().toString(), "--reason", "for the audit");

        assertThat(ok(operator("overview")).out()).contains("runs").contains("queued");
        Golden.check(
                "audit", ok(operator("audit", "list", "--run", run.id().toString())).out());
    }

    @Test
    void what_the_roles_do_not_allow_is_said_and_has_its_code() {
        Journals run = stations.running();

        Outcome outcome =
                Cli.as(TestTokens.VIEWER)
                        .run("runs", "hold", run.id().toString(), "--reason", "let me");

        assertThat(outcome.code()).isEqualTo(ExitCode.NOT_ALLOWED);
        assertThat(outcome.err()).contains("not among what your roles allow").contains("(forbidden)");
    }

    @Test
    void an_unknown_token_and_an_unknown_run_have_codes_of_their_own() {
        String other = "01890000-0000-7000-8000-000000000000";

        Outcome stranger =
                Cli.as(TestTokens.OPERATOR)
                        .with("SIGNALBOX_OPERATOR_TOKEN", "wrong")
                        .run("overview");

        assertThat(stranger.code()).isEqualTo(ExitCode.NOT_ALLOWED);
        assertThat(stranger.err()).contains("(unauthenticated)");
        assertThat(operator("runs", "show", other).code()).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void what_the_server_expects_is_passed_on() {
        Outcome outcome = operator("runs", "list", "--status", "sleeping");

        assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("(invalid_request)").contains("status: ");
    }

    @Test
    void nothing_that_a_run_contains_commands_the_terminal() {
        String attack = "\\u001b]0;owned\\u0007\\u009b2J\\u202e\\r";
        Journals run =
                Journals.of(
                                "desk",
                                "{\"note\":\"" + attack + "\"}",
                                Instant.now().minusSeconds(5))
                        .into(runs, leases);
        String id = run.id().toString();

        for (List<String> command :
                List.of(
                        List.of("runs", "show", id),
                        List.of("runs", "events", id),
                        List.of("runs", "tree", id),
                        List.of("runs", "show", id, "-o", "json"),
                        List.of("runs", "show", id, "-o", "yaml"))) {
            Outcome outcome = operator(command.toArray(String[]::new));
            assertThat(outcome.code()).as(command.toString()).isZero();
            assertThat(outcome.out().codePoints().filter(point -> point != '\n'))
                    .as(command.toString())
                    .noneMatch(point -> Character.isISOControl(point) || point == 0x202e);
        }
        assertThat(operator("runs", "show", id).out()).contains("\\u001b]0;owned");
    }

    @Test
    void colours_are_for_terminals_and_not_for_those_who_said_no() {
        Journals run = stations.failed();
        String[] list = {"runs", "list", "--text", run.id().toString()};

        assertThat(Cli.as(TestTokens.VIEWER).run(list).out()).doesNotContain("\u001b");
        assertThat(Cli.as(TestTokens.VIEWER).onTerminal().run(list).out())
                .contains("\u001b[31mfailed\u001b[0m");
        assertThat(
                        Cli.as(TestTokens.VIEWER)
                                .onTerminal()
                                .with("NO_COLOR", "1")
                                .run(list)
                                .out())
                .doesNotContain("\u001b");
    }
}
