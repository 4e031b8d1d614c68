package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPart;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/// The example services inside the application, unless `ORDERS_URL` and `PAYMENTS_URL` name other
/// ones.
public final class ExamplesPart implements EmbeddedPart {

    static final String ORDERS_URL = "ORDERS_URL";
    static final String PAYMENTS_URL = "PAYMENTS_URL";
    static final String PAYMENTS_TOKEN = "signalbox.auth-bindings.\"payments-token\"";

    @Override
    public int order() {
        return 30;
    }

    @Override
    public boolean wanted(Config config) {
        boolean elsewhere = isSet(config, ORDERS_URL) && isSet(config, PAYMENTS_URL);
        return !elsewhere && Roles.of(config).has(Role.RUNTIME);
    }

    @Override
    public Running start(Config config) {
        return run(config);
    }

    static RunningExamples run(Config config) {
        Path home = DataDirectory.of(config, "examples");
        FileChannel lock = DataDirectory.lock(home);
        int port =
                config.getOptionalValue("signalbox.embedded.examples-port", Integer.class)
                        .orElse(0);
        String token =
                text(config, PAYMENTS_TOKEN)
                        .map(binding -> binding.replaceFirst("^Bearer +", ""))
                        .orElseGet(() -> ExampleToken.in(home));
        ExampleServices services = ExampleServices.start(home, port, token, InstantSource.system());
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put(ORDERS_URL, services.url());
        configuration.put(PAYMENTS_URL, services.url());
        configuration.put(PAYMENTS_TOKEN, token);
        configuration.keySet().removeIf(key -> isSet(config, key));
        return new RunningExamples(services, lock, configuration);
    }

    private static boolean isSet(Config config, String key) {
        return text(config, key).isPresent();
    }

    private static Optional<String> text(Config config, String key) {
        return config.getOptionalValue(key, String.class);
    }

    record RunningExamples(
            ExampleServices services, FileChannel lock, Map<String, String> configuration)
            implements Running {

        @Override
        public void close() {
            services.close();
            try {
                lock.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
