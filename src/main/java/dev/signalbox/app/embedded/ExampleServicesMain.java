package dev.signalbox.app.embedded;

import org.eclipse.microprofile.config.ConfigProvider;

/// The example services as a process of their own, so that killing Signalbox leaves them alone.
///
/// Takes the same configuration as inside the application: `signalbox.data-dir`,
/// `signalbox.embedded.examples-port` and the binding `payments-token`, from system properties or
/// the environment. Prints its URL in one line, and runs until it is killed.
public final class ExampleServicesMain {

    private ExampleServicesMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (var running = ExamplesPart.run(ConfigProvider.getConfig())) {
            System.out.println(running.services().url());
            Thread.currentThread().join();
        }
    }
}
