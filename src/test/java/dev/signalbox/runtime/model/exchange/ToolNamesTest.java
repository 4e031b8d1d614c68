package dev.signalbox.runtime.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToolNamesTest {

    @Test
    void dotsBecomeUnderscoresAndComeBackAsDots() {
        ToolNames names = new ToolNames(List.of("orders.lookup"));

        assertThat(names.wire("orders.lookup")).isEqualTo("orders_lookup");
        assertThat(names.tool("orders_lookup")).isEqualTo("orders.lookup");
    }

    @Test
    void nameThatNeedsNoChangeKeepsItWhenAnotherWouldBecomeTheSame() {
        ToolNames names = new ToolNames(List.of("orders.lookup", "orders_lookup"));

        assertThat(names.wire("orders_lookup")).isEqualTo("orders_lookup");
        assertThat(names.wire("orders.lookup")).startsWith("orders_lookup_");
    }

    @Test
    void nameThatNobodyGaveComesBackAsItIs() {
        ToolNames names = new ToolNames(List.of("orders.lookup"));

        assertThat(names.tool("shell_exec")).isEqualTo("shell_exec");
    }
}
