package dev.signalbox.runtime.stage;

import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Lineage;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// How large a tree of runs may become. A run pins what it gets of that when it begins.
@ConfigMapping(prefix = "signalbox.runs")
public interface TreeLimits {

    /// Most levels of runs, the root included. Definitions that nest deeper than 8 are refused when
    /// they are loaded.
    @WithDefault("8")
    int maxDepth();

    /// Most runs below a root.
    @WithDefault("100000")
    long maxTree();

    /// How many runs there may be below a run that begins, if it is a root.
    default Optional<Long> ofRoot(Lineage lineage) {
        return lineage.parent().isPresent()
                ? Optional.empty()
                : Optional.of(maxDepth() <= 1 ? 0 : Math.max(maxTree(), 0));
    }

    /// What is granted to a child of a run, but no runs on levels that there must not be.
    default Budget within(Lineage parent, Budget granted) {
        int levels = parent.level().orElse(0) + 2;
        return levels < maxDepth() ? granted : granted.min(Budget.runs(0));
    }
}
