package dev.signalbox.domain.policy;

import dev.signalbox.domain.id.Digest;
import java.util.List;

/// Which calls may go out.
///
/// @param allow name patterns (`*` stands for any characters) that are allowed when no rule decides
/// @param deny name patterns that are denied whatever the rules say
/// @param rules in order; the first whose condition holds decides
/// @param digest covers every field of the document
public record PolicyDefinition(
        String name,
        Verdict defaultVerdict,
        List<ToolPattern> allow,
        List<ToolPattern> deny,
        List<PolicyRule> rules,
        Digest digest) {

    public PolicyDefinition {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        rules = List.copyOf(rules);
    }
}
