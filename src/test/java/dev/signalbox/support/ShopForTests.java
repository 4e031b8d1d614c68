package dev.signalbox.support;

import dev.signalbox.app.embedded.ExampleServices;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The example shop for an application under test: `refund-agent` can do its work. Named by the
/// profiles that need it.
public final class ShopForTests implements QuarkusTestResourceLifecycleManager {

    private static final String TOKEN = "payments-token-of-the-test";

    private @Nullable ExampleServices shop;

    @Override
    public Map<String, String> start() {
        Path home = TestServices.directory("shop-" + System.nanoTime());
        shop = ExampleServices.start(home, 0, TOKEN, InstantSource.system());
        return Map.of(
                "ORDERS_URL", shop.url(),
                "PAYMENTS_URL", shop.url(),
                "signalbox.auth-bindings.\"payments-token\"", TOKEN,
                "signalbox.egress.private-addresses", "127.0.0.1");
    }

    @Override
    public void stop() {
        if (shop != null) {
            shop.close();
        }
    }
}
