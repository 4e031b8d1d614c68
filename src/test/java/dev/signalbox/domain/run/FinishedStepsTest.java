package dev.signalbox.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.run.RunEvent.StepOutcome;
import dev.signalbox.domain.run.Steps.Done;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class FinishedStepsTest {

    @Property(tries = 200)
    void whatWasAddedIsFoundAndNothingElse(
            @ForAll @Size(max = 60) Set<@AlphaChars @StringLength(min = 1, max = 6) String> ids) {
        List<Done> all = new ArrayList<>();
        FinishedSteps finished = FinishedSteps.NONE;

        for (String id : ids) {
            assertThat(finished.find(id)).isEmpty();
            all.add(done(id, all.size() + 1));
            finished = finished.plus(all.getLast());
        }

        assertThat(finished.inOrder()).isEqualTo(all);
        assertThat(finished.size()).isEqualTo(ids.size());
        for (Done step : all) {
            assertThat(finished.find(step.step())).contains(step);
        }
    }

    @Test
    void idsWithOneHashAreKeptApart() {
        FinishedSteps finished = FinishedSteps.of(List.of(done("Aa", 1), done("BB", 2)));

        assertThat("Aa").hasSameHashCodeAs("BB");
        assertThat(finished.find("Aa")).contains(done("Aa", 1));
        assertThat(finished.find("BB")).contains(done("BB", 2));
    }

    @Test
    void oneMapDoesNotSeeWhatIsAddedToAnother() {
        FinishedSteps one = FinishedSteps.of(List.of(done("a", 1)));

        FinishedSteps more = one.plus(done("b", 2));

        assertThat(one.find("b")).isEmpty();
        assertThat(more.find("b")).isPresent();
    }

    private static Done done(String id, int number) {
        return new Done(
                id,
                number,
                StepOutcome.SKIPPED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
