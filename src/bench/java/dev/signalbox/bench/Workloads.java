package dev.signalbox.bench;

import dev.signalbox.domain.run.DefinitionRef;
import java.util.Arrays;
import java.util.List;

/// What is run, out of the documents in `src/bench/resources/bench`.
final class Workloads {

    static final String DOCUMENTS = "src/bench/resources/bench";
    static final String WITH_APPROVAL = "bench-approval";
    static final int STEPS = 10;

    private Workloads() {}

    /// The definitions of ten steps to measure, the first one first: those that
    /// `-Dbench.definition` names, as far as there are such.
    static List<DefinitionRef> ofTenSteps(Engine engine) {
        String names = System.getProperty("bench.definition", "bench-workflow,bench-agent");
        return Arrays.stream(names.split(",", -1))
                .flatMap(name -> engine.definition(name).stream())
                .toList();
    }
}
