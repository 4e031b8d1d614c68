package dev.signalbox.bench;

import dev.signalbox.domain.run.DefinitionRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is run, out of the documents in `src/bench/resources/bench`.
final class Workloads {

    static final String DOCUMENTS = "src/bench/resources/bench";
    static final String AGENT = "bench-agent";
    static final String WITH_APPROVAL = "bench-approval";
    static final int STEPS = 10;

    private Workloads() {}

    /// The definitions of ten steps to measure: those that `-Dbench.definition` names.
    static List<DefinitionRef> ofTenSteps(Engine engine) {
        List<DefinitionRef> found = new ArrayList<>();
        for (String name :
                Arrays.asList(System.getProperty("bench.definition", AGENT).split(",", -1))) {
            found.add(engine.definition(name).orElseThrow());
        }
        return found;
    }
}
