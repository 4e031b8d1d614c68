package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.approval.ApprovalTerms.OnExpiry;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.PolicyRule;
import dev.signalbox.domain.policy.ToolPattern;
import dev.signalbox.domain.policy.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads documents of kind `policy`.
final class PolicyReader {

    static final String[] FIELDS = {"kind", "name", "default", "allow", "deny", "rules"};

    static final String[] TERMS = {"approvers", "quorum", "fourEyes", "expiresIn", "onExpiry"};

    /// What a rule's condition may speak of.
    static final Set<String> VARIABLES = Set.of("tool", "args", "input", "run");

    private static final Pattern GLOB = Pattern.compile("[a-z0-9._*-]{1,63}");
    private static final Pattern APPROVER = Pattern.compile("(?:role|user):[^\\s:]{1,100}");
    private static final int MAX_QUORUM = 20;
    private static final Duration MIN_EXPIRY = Duration.ofSeconds(1);
    private static final Duration MAX_EXPIRY = Duration.ofDays(366);

    /// The words that `default` knows.
    private enum Default {
        ALLOW,
        DENY
    }

    private final Checks checks;

    PolicyReader(Checks checks) {
        this.checks = checks;
    }

    PolicyDefinition read(Fields fields) {
        boolean allowByDefault =
                fields.choice("default", Default.class, Found::word)
                        .equals(Optional.of(Default.ALLOW));
        List<ToolPattern> allow = patterns(fields, "allow");
        List<ToolPattern> deny = patterns(fields, "deny");
        allow.stream()
                .filter(deny::contains)
                .forEach(
                        both ->
                                fields.problem(
                                        "deny",
                                        "'" + both.glob() + "' is both allowed and denied"));
        return Documents.digested(
                new PolicyDefinition(
                        checks.name(fields, "name"),
                        allowByDefault ? Verdict.ALLOW : Verdict.DENY,
                        allow,
                        deny,
                        rules(fields),
                        Digest.of("")));
    }

    private List<ToolPattern> patterns(Fields fields, String field) {
        Map<String, Place> globs = fields.texts(field, "tool pattern");
        globs.forEach(
                (glob, place) -> {
                    if (!GLOB.matcher(glob).matches() || glob.contains("**")) {
                        checks.problems()
                                .add(
                                        place,
                                        fields.path(field)
                                                + ": expected a tool's name, with '*' for any"
                                                + " characters, found '"
                                                + Found.shortened(glob)
                                                + "'");
                    }
                });
        return globs.keySet().stream().map(ToolPattern::new).toList();
    }

    private List<PolicyRule> rules(Fields fields) {
        List<PolicyRule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        List<Node> items = fields.items("rules", "a list of rules");
        for (int index = 0; index < items.size(); index++) {
            String here = fields.path("rules") + "[" + index + "]";
            Fields.of(here, items.get(index), checks.problems(), "id", "when", "then", "approval")
                    .ifPresent(
                            rule -> {
                                String id = checks.name(rule, "id");
                                if (!id.isEmpty() && !ids.add(id)) {
                                    rule.problem(
                                            "id",
                                            "another rule of this policy is called '" + id + "'");
                                }
                                rule(id, rule).ifPresent(rules::add);
                            });
        }
        return rules;
    }

    private Optional<PolicyRule> rule(String id, Fields rule) {
        Expression when = checks.expression(rule, "when", VARIABLES, Result.CONDITION);
        Optional<Verdict> then = rule.requiredChoice("then", Verdict.class, Found::word);
        Optional<ApprovalTerms> approval = rule.object("approval", TERMS).flatMap(this::terms);
        if (then.isEmpty()) {
            return Optional.empty();
        }
        boolean asks = then.get() == Verdict.REQUIRE_APPROVAL;
        if (asks && !rule.has("approval")) {
            rule.problem(
                    "then",
                    "require_approval without 'approval'; expected an object with approvers");
        } else if (!asks && rule.has("approval")) {
            rule.problem(
                    "approval",
                    "only a rule with 'then: require_approval' has one, this says '"
                            + Found.word(then.get())
                            + "'");
        }
        return asks == approval.isPresent()
                ? Optional.of(new PolicyRule(id, when, then.get(), approval))
                : Optional.empty();
    }

    Optional<ApprovalTerms> terms(Fields fields) {
        fields.required("approvers", "a list of approvers such as 'role:support-lead'");
        Map<String, Place> approvers = fields.texts("approvers", "approver");
        approvers.forEach(
                (approver, place) -> {
                    if (!APPROVER.matcher(approver).matches()) {
                        checks.problems()
                                .add(
                                        place,
                                        fields.path("approvers")
                                                + ": expected 'role:NAME' or 'user:NAME', found '"
                                                + Found.shortened(approver)
                                                + "'");
                    }
                });
        int quorum = fields.whole("quorum", 1, MAX_QUORUM).orElse(1L).intValue();
        boolean onlyUsers = approvers.keySet().stream().allMatch(name -> name.startsWith("user:"));
        if (onlyUsers && !approvers.isEmpty() && quorum > approvers.size()) {
            fields.problem(
                    "quorum",
                    quorum + " approvals can never come from " + approvers.size() + " users");
        }
        if (approvers.isEmpty()) {
            if (fields.isEmptyList("approvers")) {
                fields.problem("approvers", "expected at least one approver");
            }
            return Optional.empty();
        }
        return Optional.of(
                new ApprovalTerms(
                        List.copyOf(approvers.keySet()),
                        quorum,
                        fields.bool("fourEyes").orElse(true),
                        fields.duration("expiresIn", MIN_EXPIRY, MAX_EXPIRY),
                        fields.choice("onExpiry", OnExpiry.class, Found::word)
                                .orElse(OnExpiry.REJECT)));
    }
}
