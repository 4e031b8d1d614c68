package dev.signalbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressRulesTest {

    private static final EgressRules SAFE = EgressRules.of(Optional.empty(), List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "127.0.0.1.",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "169.254.169.254",
                "168.63.129.16",
                "224.0.0.1",
                "255.255.255.255",
                "[::1]",
                "[::]",
                "[::127.0.0.1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b::169.254.169.254]",
                "[2002:7f00:1::]",
                "[2001::1]",
                "[fe80::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[ff02::1]",
                "[fec0::1]"
            })
    void addressThatIsNotPublicIsRefused(String host) {
        assertRefused(() -> check(SAFE, host, 80));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "127.1",
                "0177.0.0.1",
                "127.0.0.01",
                "999.1.1.1",
                "1.2.3.4.5",
                "[fe80::1%eth0]",
                "[::1"
            })
    void addressInAnUnusualFormIsRefused(String host) {
        EgressRules open = EgressRules.of(Optional.empty(), List.of("0.0.0.0/0", "::/0"));

        assertRefused(() -> check(open, host, 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "[2606:4700::1111]", "[2002:808:808::]"})
    void publicAddressPasses(String host) throws Exception {
        assertThat(check(SAFE, host, 443)).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.0/8|127.0.0.1|80|true",
                "127.0.0.1:8099|127.0.0.1|8099|true",
                "127.0.0.1:8099|127.0.0.1|8098|false",
                "127.0.0.1|[::ffff:127.0.0.1]|80|true",
                "10.0.0.0/8|10.255.0.1|80|true",
                "10.0.0.0/8|11.0.0.1|80|true",
                "10.0.0.0/9|10.128.0.1|80|false",
                "::1|[::1]|80|true",
                "[::1]:80|[::1]|81|false",
                "[fd00::/8]:80|[fd12::1]|80|true",
                "fd00::/8|[fd00:ec2::254]|80|false",
                "0.0.0.0/0|169.254.169.254|80|false",
                "169.254.169.254|169.254.169.254|80|true",
                "::/0|127.0.0.1|80|false"
            })
    void addressIsAllowedByTheBlockThatNamesIt(String block, String host, int port, boolean allowed)
            throws Exception {
        EgressRules rules = EgressRules.of(Optional.empty(), List.of(block));

        if (allowed) {
            assertThat(check(rules, host, port)).isPresent();
        } else {
            assertRefused(() -> check(rules, host, port));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api.example.com|api.example.com|443|true",
                "api.example.com|API.Example.com.|443|true",
                "api.example.com|api.example.com.evil.test|443|false",
                "api.example.com|evil-api.example.com|443|false",
                "*.example.com|a.b.example.com|443|true",
                "*.example.com|example.com|443|false",
                "api.example.com:8443|api.example.com|443|false",
                "api.example.com:8443|api.example.com|8443|true",
                "*|anything.test|80|true",
                "8.8.8.8|8.8.8.8|443|true",
                "api.example.com|8.8.8.8|443|false"
            })
    void serverIsAllowedByItsName(String pattern, String host, int port, boolean allowed) {
        EgressRules rules = EgressRules.of(Optional.of(List.of(pattern)), List.of());

        if (allowed) {
            rules.checkHost(host, port);
        } else {
            assertRefused(() -> rules.checkHost(host, port));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "localhost",
                "10.0.0",
                "1.2.3.4:0",
                "1.2.3.4:70000",
                "::g",
                ""
            })
    void malformedBlockIsRefused(String block) {
        assertThatThrownBy(() -> EgressRules.of(Optional.empty(), List.of(block)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected one such as 10.0.0.0/8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://api.example.com", "api.example.com/path", "a b", ""})
    void malformedServerIsRefused(String server) {
        assertThatThrownBy(() -> EgressRules.of(Optional.of(List.of(server)), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected one such as api.example.com");
    }

    private static Optional<InetAddress> check(EgressRules rules, String host, int port)
            throws UnknownHostException {
        Optional<InetAddress> address = rules.checkHost(host, port);
        address.ifPresent(found -> rules.checkAddress(host, found, port));
        return address;
    }

    private static void assertRefused(ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOf(EgressRefused.class);
    }
}
