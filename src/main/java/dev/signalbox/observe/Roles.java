package dev.signalbox.observe;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;

/// What this process does (`signalbox.roles`): at least one role.
public record Roles(Set<Role> on) {

    private static final String KEY = "signalbox.roles";

    public Roles {
        on = Set.copyOf(on);
        if (on.isEmpty()) {
            throw new ConfigurationException(KEY + " names no role; expected " + expected());
        }
    }

    /// The roles that are configured.
    ///
    /// @throws ConfigurationException if there is none, or one that does not exist
    public static Roles of(Config config) {
        return new Roles(
                config.getOptionalValues(KEY, String.class).orElse(List.of()).stream()
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .map(Roles::named)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    public boolean has(Role role) {
        return on.contains(role);
    }

    /// The names of the roles, separated by commas, always in the same order.
    public String label() {
        return on.stream().sorted().map(Role::label).collect(Collectors.joining(","));
    }

    private static Role named(String name) {
        Optional<Role> role =
                Arrays.stream(Role.values()).filter(each -> each.label().equals(name)).findFirst();
        return role.orElseThrow(
                () ->
                        new ConfigurationException(
                                KEY + " names '" + name + "'; expected " + expected()));
    }

    private static String expected() {
        return "one or more of "
                + Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", "));
    }
}
