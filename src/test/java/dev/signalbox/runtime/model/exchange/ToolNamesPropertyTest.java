package dev.signalbox.runtime.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;

class ToolNamesPropertyTest {

    @Property(tries = 300)
    void everyToolHasALegalNameOfItsOwn(
            @ForAll @NotEmpty
                    Set<
                                    @StringLength(min = 1, max = 80)
                                    @CharRange(from = 'a', to = 'c') @Chars({'.', '_', '-', 'é'})
                                    String>
                            tools) {
        ToolNames names = new ToolNames(tools);

        Set<String> onWire = new HashSet<>();
        for (String tool : tools) {
            String wire = names.wire(tool);
            assertThat(wire).matches("[a-zA-Z0-9_-]{1,64}");
            assertThat(onWire.add(wire)).isTrue();
            assertThat(names.tool(wire)).isEqualTo(tool);
        }
    }
}
