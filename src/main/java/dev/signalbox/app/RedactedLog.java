package dev.signalbox.app;

import dev.signalbox.domain.json.Redactor;
import io.quarkus.logging.LoggingFilter;
import java.util.List;
import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/// Takes out of every log line what looks like a secret, in messages and in those of failures.
@LoggingFilter(name = "redaction")
public final class RedactedLog implements Filter {

    /// The message with its parameters, without the failure.
    private static final ExtFormatter WORDS = new PatternFormatter("%s");

    private final Redactor redactor;

    public RedactedLog(
            @ConfigProperty(name = "signalbox.redaction.names") Optional<List<String>> names) {
        redactor = new Redactor(names.orElse(List.of()));
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        if (line instanceof ExtLogRecord record) {
            String said = WORDS.format(record);
            String clean = redactor.redact(said);
            if (!clean.equals(said)) {
                record.setMessage(clean, ExtLogRecord.FormatStyle.NO_FORMAT);
            }
        }
        line.setThrown(clean(line.getThrown()));
        return true;
    }

    private @Nullable Throwable clean(@Nullable Throwable thrown) {
        for (Throwable one = thrown; one != null; one = one.getCause()) {
            String said = one.toString();
            if (!redactor.redact(said).equals(said)) {
                return Cleaned.of(thrown, redactor);
            }
        }
        return thrown;
    }

    /// A failure that says less, from the same place.
    private static final class Cleaned extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Cleaned(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        static @Nullable Cleaned of(@Nullable Throwable thrown, Redactor redactor) {
            if (thrown == null) {
                return null;
            }
            Cleaned clean =
                    new Cleaned(
                            redactor.redact(thrown.toString()), of(thrown.getCause(), redactor));
            clean.setStackTrace(thrown.getStackTrace());
            return clean;
        }
    }
}
