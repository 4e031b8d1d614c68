package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;

class RedactedLogTest {

    private final RedactedLog filter = new RedactedLog(Optional.of(List.of("tax-number")));

    @Test
    void secretsInParametersAndInFailuresDoNotReachTheLog() {
        ExtLogRecord line =
                new ExtLogRecord(Level.WARN, "asked %s", ExtLogRecord.FormatStyle.PRINTF, "test");
        line.setParameters(new Object[] {"/x?token=hunter2&taxNumber=PT-1"});
        line.setThrown(
                new IllegalStateException(
                        "outside", new IllegalArgumentException("\"password\": \"hunter2\"")));

        boolean kept = filter.isLoggable(line);

        assertThat(kept).isTrue();
        assertThat(new PatternFormatter("%s%e").format(line))
                .contains("asked /x?token=[redacted]&taxNumber=[redacted]")
                .contains("IllegalStateException: outside")
                .contains("IllegalArgumentException", "RedactedLogTest")
                .doesNotContain("hunter2", "PT-1");
    }

    @Test
    void aLineWithoutSecretsStaysAsItIs() {
        ExtLogRecord line =
                new ExtLogRecord(Level.INFO, "run %s", ExtLogRecord.FormatStyle.PRINTF, "test");
        Throwable thrown = new IllegalStateException("lost");
        line.setThrown(thrown);

        filter.isLoggable(line);

        assertThat(line.getMessage()).isEqualTo("run %s");
        assertThat(line.getThrown()).isSameAs(thrown);
    }
}
