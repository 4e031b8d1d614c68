package dev.signalbox.app;

import java.util.Map;
import org.eclipse.microprofile.config.Config;

/// Something that runs inside the application because nobody configured an external one. Found as a
/// service: a production image simply has none.
///
/// Parts start in the order of [#order()], before the application, and stop in reverse order, after
/// it.
public interface EmbeddedPart {

    int order();

    /// Whether the configuration leaves this part to us.
    boolean wanted(Config config);

    /// Starts the part.
    Running start(Config config);

    /// A part that runs.
    interface Running extends AutoCloseable {

        /// Configuration that the application needs to use the part.
        Map<String, String> configuration();

        @Override
        void close();
    }
}
