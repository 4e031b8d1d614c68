package dev.signalbox.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "request,runtime,operator; request,runtime,operator",
                "operator; operator",
                "operator , request,; request,operator",
                "runtime,runtime; runtime"
            })
    void theRolesAreThoseThatAreNamed(String configured, String understood) {
        assertThat(Roles.of(config(configured)).label()).isEqualTo(understood);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "request,worker", "Request,worker", "request;worker"})
    void aRoleThatDoesNotExistIsNamedWithThoseThatDo(String configured) {
        assertThatThrownBy(() -> Roles.of(config(configured)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("signalbox.roles names '")
                .hasMessageEndingWith("expected one or more of request, runtime, operator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", " , "})
    void aProcessWithoutARoleIsAMistake(String configured) {
        assertThatThrownBy(() -> Roles.of(config(configured)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "signalbox.roles names no role; expected one or more of request, runtime,"
                                + " operator");
    }

    @Test
    void aProcessThatIsNotConfiguredHasNoRole() {
        assertThatThrownBy(() -> Roles.of(new SmallRyeConfigBuilder().build()))
                .isInstanceOf(ConfigurationException.class);
    }

    private static Config config(String roles) {
        return new SmallRyeConfigBuilder()
                .withSources(
                        new PropertiesConfigSource(Map.of("signalbox.roles", roles), "test", 100))
                .build();
    }
}
