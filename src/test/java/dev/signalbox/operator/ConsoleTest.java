package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.Retention;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.store.RunInbox;
import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a person sees and does, in a real browser. Pictures of the pages go to
/// `target/console`.
@QuarkusTest
@TestProfile(AloneProfile.class)
class ConsoleTest {

    private static final List<Path> BROWSERS =
            List.of(
                    Path.of("/usr/bin/chromium"),
                    Path.of("/usr/bin/chromium-browser"),
                    Path.of("/usr/bin/google-chrome"));
    private static final Path PICTURES = Path.of("target/console");
    private static Playwright playwright;
    private static Browser browser;

    @Inject Stations stations;
    @Inject ApprovalInbox approvals;
    @Inject RunInbox inbox;
    @Inject Retention retention;

    private BrowserContext context;
    private Page page;
    private final List<String> complaints = new ArrayList<>();

    /// The system's browser if it has one; else Playwright fetches its own.
    @BeforeAll
    static void openBrowser() {
        Optional<Path> installed = BROWSERS.stream().filter(Files::isExecutable).findFirst();
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(
                                        installed.isPresent()
                                                ? Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                                                : Map.of()));
        BrowserType.LaunchOptions options =
                new BrowserType.LaunchOptions().setArgs(List.of("--no-sandbox"));
        installed.ifPresent(options::setExecutablePath);
        browser = playwright.chromium().launch(options);
    }

    @AfterAll
    static void closeBrowser() {
        playwright.close();
    }

    @BeforeEach
    void openPage() {
        page(new Browser.NewContextOptions().setViewportSize(1280, 900));
    }

    private void page(Browser.NewContextOptions options) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(options.setBaseURL(Planes.operatorUri().toString()));
        context.setDefaultTimeout(10_000);
        page = context.newPage();
        page.onConsoleMessage(
                message -> {
                    if (message.type().equals("error")) {
                        complaints.add(message.text());
                    }
                });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
    }

    @AfterEach
    void nothingWasComplainedAbout() {
        context.close();
        assertThat(complaints).isEmpty();
    }

    private void signIn(TestTokens caller) {
        page.navigate("/");
        page.getByLabel("Operator token").fill(caller.token());
        page.getByRole(AriaRole.BUTTON).getByText("Sign in").click();
        page.waitForURL("**/");
    }

    private void picture(String name) {
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(PICTURES.resolve(name + ".png"))
                        .setFullPage(true));
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Approval.Status status(Journals run) {
        return approvals.find(run.approval().id()).await().indefinitely().orElseThrow().status();
    }

    @Test
    void a_lead_finds_the_approval_in_the_inbox_reads_the_call_and_approves_it() {
        Journals run = stations.waiting();
        signIn(TestTokens.LEAD);

        page.locator("a[href='/console/approvals/" + run.approval().id() + "']").click();
        assertThat(page.locator(".http").textContent())
                .isEqualTo("POST ${PAYMENTS_URL}/refunds");
        assertThat(page.locator(".arguments").textContent()).contains("A-120").contains("120");
        assertThat(page.locator("main").textContent())
                .contains(run.call().value())
                .contains("payments-token")
                .contains("Decided by role:support-lead");
        page.getByLabel("Reason").fill("the order is theirs");
        button("Approve").click();
        page.waitForURL("**/console/runs/**");

        assertThat(status(run)).isEqualTo(Approval.Status.APPROVED);
        assertThat(page.locator(".told").textContent()).contains("approval is recorded");
    }

    @Test
    void every_run_of_a_list_has_its_mark_and_its_time() {
        stations.waiting();
        signIn(TestTokens.LEAD);

        page.navigate("/console/runs");

        int rows = page.locator(".run").count();
        assertThat(rows).isPositive();
        assertThat(page.locator(".run svg.mark").count()).isEqualTo(rows);
        assertThat(page.locator(".run time[datetime]").allTextContents())
                .hasSize(rows)
                .allMatch(told -> !told.isBlank());
    }

    @Test
    void an_auditor_holds_a_run_for_the_law_and_what_is_left_of_a_pruned_one_is_told() {
        Journals run = stations.failed();
        signIn(TestTokens.OPERATOR);
        page.navigate("/console/runs/" + run.id());

        page.locator("summary").getByText("Hold for the law").click();
        picture("legal-hold-form");
        page.locator("details[open]").getByLabel("Reason").fill("case 7");
        button("Hold for the law").click();
        page.waitForURL("**told=legal-hold");
        assertThat(page.locator(".legal").textContent())
                .contains("Under legal hold by " + TestTokens.OPERATOR.caller())
                .contains("case 7");
        picture("legal-hold");
        page.locator("summary").getByText("Release from legal hold").click();
        page.locator("details[open]").getByLabel("Reason").fill("closed");
        button("Release from legal hold").click();
        page.waitForURL("**told=legal-release");
        assertThat(page.locator(".legal").count()).isZero();
        prune();
        complaints.clear();
        page.navigate("/console/runs/" + run.id());

        assertThat(page.locator("main").textContent())
                .contains("Failed, then removed")
                .contains("for 0 ms")
                .contains("Head of its chain")
                .contains(run.id().toString());
        picture("pruned");
        // The browser itself says that a page came with 410.
        assertThat(complaints).allMatch(told -> told.contains("410"));
        complaints.clear();
    }

    private void prune() {
        retention
                .prune(
                        new Round(
                                "pruner",
                                Duration.ofSeconds(1),
                                new RetentionRule(
                                        "refund-agent",
                                        RunStatus.FAILED,
                                        Duration.ZERO,
                                        Optional.of("1.0.0")),
                                new RetentionRules(Map.of(), RetentionTerms.NONE),
                                Optional.empty(),
                                200))
                .await()
                .indefinitely();
    }

    @Test
    void enter_decides_nothing_and_a_decision_needs_its_reason() {
        Journals run = stations.waiting();
        signIn(TestTokens.LEAD);
        page.navigate("/console/approvals/" + run.approval().id());

        page.getByLabel("Reason").fill("well");
        page.keyboard().press("Enter");
        page.getByLabel("Reason").fill("");
        button("Approve").click();
        page.waitForTimeout(300);

        assertThat(page.url()).endsWith(run.approval().id().toString());
        assertThat(status(run)).isEqualTo(Approval.Status.PENDING);
    }

    @Test
    void a_rejection_says_what_the_model_will_be_told() {
        Journals run = stations.waiting();
        signIn(TestTokens.LEAD);
        page.navigate("/console/approvals/" + run.approval().id());

        page.getByLabel("Reason").fill("not without a receipt");
        button("Reject").click();
        page.waitForURL("**/console/runs/**");

        assertThat(status(run)).isEqualTo(Approval.Status.REJECTED);
    }

    @Test
    void who_may_not_decide_is_told_why_and_offered_nothing() {
        Journals run = stations.waiting();
        signIn(TestTokens.VIEWER);

        page.navigate("/console/approvals/" + run.approval().id());

        assertThat(button("Approve").count()).isZero();
        assertThat(page.locator(".decide").textContent())
                .contains("This call is decided by role:support-lead");
        page.navigate("/console/runs/" + run.id());
        assertThat(page.locator(".deed").count()).isZero();
    }

    @Test
    void a_held_run_says_why_and_is_reconciled() {
        Journals run = stations.held();
        signIn(TestTokens.OPERATOR);
        page.navigate("/console/runs/" + run.id());
        assertThat(page.locator(".sentence").textContent()).contains("nobody knows whether");
        picture("run-held");

        page.getByLabel("It happened").check();
        page.keyboard().press("Enter");
        page.locator(".deed[open]").getByLabel("Reason").fill("paid, reference R-9");
        button("Reconcile payments.refund").click();
        page.waitForURL("**told=reconcile");

        assertThat(inbox.read(run.id()).await().indefinitely().commands()).hasSize(1);
    }

    @Test
    void a_run_that_is_held_for_its_budget_says_what_it_used_and_gets_more() {
        Journals run = stations.heldForBudget();
        signIn(TestTokens.OPERATOR);
        page.navigate("/console/runs/" + run.id());
        assertThat(page.locator(".sentence").textContent())
                .contains("1 model calls are used up, of 1 model calls");
        picture("run-held-for-budget");

        page.getByLabel("New total, now 1 model calls, used 1 model calls").fill("3");
        page.locator(".deed[open]").getByLabel("Reason").fill("a hard case");
        button("Raise budget").click();
        page.waitForURL("**told=budget");

        assertThat(inbox.read(run.id()).await().indefinitely().commands()).hasSize(1);
    }

    @Test
    void a_command_that_comes_too_late_is_refused_in_place() {
        Journals run = stations.held();
        signIn(TestTokens.OPERATOR);
        page.navigate("/console/runs/" + run.id());

        page.locator(".deed[open] input[name=action]").evaluate("input => input.value = 'release'");
        page.getByLabel("It happened").check();
        page.locator(".deed[open]").getByLabel("Reason").fill("go on");
        button("Reconcile payments.refund").click();
        page.locator(".problem").waitFor();

        assertThat(page.locator(".problem").textContent()).contains("Reconcile first");
        complaints.removeIf(said -> said.contains("409"));
    }

    @Test
    void a_job_is_triggered_with_what_it_leads_to_said_beforehand() {
        String name = stations.job("by-hand");
        signIn(TestTokens.OPERATOR);
        page.navigate("/console/jobs");
        page.locator("a[href='/console/jobs/" + name + "']").click();
        page.locator(".deed summary").getByText("Trigger now…").click();
        assertThat(page.locator(".deed[open] .consequence").textContent())
                .contains("one run of refund-workflow")
                .contains("begins at once");

        page.locator(".deed[open]").getByLabel("Reason").fill("to see it run");
        button("Trigger now").click();
        page.waitForURL("**told=trigger");

        assertThat(page.locator(".told").textContent()).contains("recorded");
        assertThat(page.locator("#history + .runs").textContent()).contains("triggered by hand");
    }

    @Test
    void a_backfill_of_a_wrong_range_is_refused_in_place() {
        String name = stations.job("ranges-of-a-person");
        signIn(TestTokens.OPERATOR);
        page.navigate("/console/jobs/" + name);
        page.locator(".deed summary").getByText("Backfill…").click();

        page.locator(".deed[open]").getByLabel("From").fill("2026-03-28T00:00:00Z");
        page.locator(".deed[open]").getByLabel("Until").fill("yesterday");
        page.locator(".deed[open]").getByLabel("Reason").fill("the clocks changed");
        button("Backfill").click();
        page.locator(".problem").waitFor();

        assertThat(page.locator(".problem").textContent())
                .contains("until: it is not a time")
                .contains("2026-01-31T08:00:00Z");
        complaints.removeIf(said -> said.contains("400"));
    }

    @Test
    void what_runs_say_stays_text() {
        Journals run = stations.hostile();
        signIn(TestTokens.LEAD);

        for (String path :
                List.of(
                        "/",
                        "/console/runs",
                        "/console/runs/" + run.id(),
                        "/console/runs/" + run.id() + "/events",
                        "/console/approvals",
                        "/console/approvals/" + run.approval().id(),
                        "/console/runs?text=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&definition=%3Cimg%20src=x%20onerror=alert(1)%3E")) {
            page.navigate(path);
            assertThat(page.title()).endsWith("Signalbox");
            assertThat(page.locator("main script, main img, main b[onmouseover]").count()).isZero();
            assertThat(page.content()).doesNotContain("sk-very-secret");
        }
    }

    @Test
    void new_things_announce_themselves_and_move_nothing() {
        stations.completed();
        signIn(TestTokens.VIEWER);
        page.waitForTimeout(50);
        String before = page.locator("main").innerHTML();

        stations.queued();
        Journals late = stations.held(Duration.ZERO);
        page.locator(".fresh").waitFor();

        assertThat(page.locator("main").innerHTML()).isEqualTo(before);
        page.keyboard().press(".");
        page.locator("a[href='/console/runs/" + late.id() + "']").first().waitFor();
    }

    @Test
    void keys_move_and_open() {
        stations.waiting();
        signIn(TestTokens.VIEWER);

        page.keyboard().press("g");
        page.keyboard().press("r");
        page.waitForURL("**/console/runs");
        page.keyboard().press("j");
        page.keyboard().press("Enter");
        page.waitForURL("**/console/runs/*");
        page.keyboard().press("?");

        assertThat(page.locator("#keys").isVisible()).isTrue();
    }

    @Test
    void every_page_has_its_picture_in_light_dark_and_on_a_phone() {
        stations.held();
        Journals done = stations.completed();
        stations.failed();
        stations.running();
        stations.queued();
        Journals waiting = stations.waiting();
        String job = stations.firedJob();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("jobs", "/console/jobs");
        pages.put("job", "/console/jobs/" + job);
        pages.putAll(
                Map.of(
                        "inbox", "/",
                        "runs", "/console/runs",
                        "runs-none", "/console/runs?text=nothing-like-it",
                        "run-waiting", "/console/runs/" + waiting.id(),
                        "run-completed", "/console/runs/" + done.id(),
                        "events", "/console/runs/" + done.id() + "/events",
                        "approvals", "/console/approvals",
                        "approval", "/console/approvals/" + waiting.approval().id()));
        Map<String, Browser.NewContextOptions> looks =
                Map.of(
                        "light", new Browser.NewContextOptions().setViewportSize(1280, 900),
                        "dark",
                                new Browser.NewContextOptions()
                                        .setViewportSize(1280, 900)
                                        .setColorScheme(ColorScheme.DARK),
                        "phone",
                                new Browser.NewContextOptions()
                                        .setViewportSize(390, 844)
                                        .setDeviceScaleFactor(2));

        looks.forEach(
                (look, options) -> {
                    page(options);
                    page.navigate("/");
                    picture(look + "-login");
                    signIn(TestTokens.LEAD);
                    pages.forEach(
                            (name, path) -> {
                                page.navigate(path);
                                if (name.equals("run-completed")) {
                                    page.locator(".more-of summary").nth(1).click();
                                }
                                picture(look + "-" + name);
                                assertThat(overflow()).as(look + " " + name).isZero();
                            });
                });
    }

    private int overflow() {
        return ((Number)
                        page.evaluate(
                                "() => Math.max(0, document.documentElement.scrollWidth"
                                        + " - innerWidth)"))
                .intValue();
    }

    @Test
    void two_runs_are_compared_side_by_side_from_the_page_of_one() {
        Journals left = stations.completed();
        Journals right = stations.waiting();
        signIn(TestTokens.VIEWER);
        page.navigate("/console/runs/" + left.id());

        page.getByLabel("Compare with the run of this id").fill(right.id().toString());
        button("Compare").click();

        assertThat(page.locator("h1").textContent()).contains("They differ");
        assertThat(page.locator(".sentence").first().textContent())
                .contains("the model answered differently");
        assertThat(page.locator(".pair.parts h3").textContent()).contains("they part here");
        assertThat(page.locator(".pair.alike").count()).isZero();
        picture("diff");
        page.getByText("that are alike").click();
        assertThat(page.locator(".pair.alike").count()).isPositive();
        page.setViewportSize(390, 844);
        picture("diff-phone");
        page(new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK));
        signIn(TestTokens.VIEWER);
        page.navigate("/console/diff?left=" + left.id() + "&right=" + right.id());
        picture("diff-dark");
    }

    @Test
    void a_hostile_run_is_compared_without_doing_anything() {
        Journals left = stations.hostile();
        Journals right = stations.completed();
        signIn(TestTokens.VIEWER);

        page.navigate("/console/diff?all=true&left=" + left.id() + "&right=" + right.id());

        assertThat(page.title()).doesNotContain("owned");
        assertThat(page.locator("main img, main script").count()).isZero();
        assertThat(page.content()).doesNotContain("sk-very-secret");
    }
}
