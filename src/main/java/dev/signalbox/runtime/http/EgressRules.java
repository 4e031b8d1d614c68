package dev.signalbox.runtime.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which servers may be called, by name and by address. Pure.
public final class EgressRules {

    private static final Pattern HOST = Pattern.compile("[a-z0-9.*_-]+(:\\d{1,5})?|\\*");
    private static final Pattern CANONICAL_IP4 =
            Pattern.compile("(?:(?:0|[1-9]\\d{0,2})\\.){3}(?:0|[1-9]\\d{0,2})");

    /// What a resolver might take for a number: `2130706433`, `0x7f.1`, `127.1`.
    private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");

    private final Optional<List<Pattern>> hosts;
    private final List<AddressRange> privateAddresses;

    private EgressRules(Optional<List<Pattern>> hosts, List<AddressRange> privateAddresses) {
        this.hosts = hosts;
        this.privateAddresses = privateAddresses;
    }

    /// @param hosts empty for any
    /// @throws IllegalArgumentException if an entry is malformed
    public static EgressRules of(Optional<List<String>> hosts, List<String> privateAddresses) {
        return new EgressRules(
                hosts.map(all -> all.stream().map(EgressRules::pattern).toList()),
                privateAddresses.stream().map(String::strip).map(AddressRange::parse).toList());
    }

    private static Pattern pattern(String entry) {
        String host = entry.strip().toLowerCase(Locale.ROOT);
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "'" + entry + "' is no server; expected one such as api.example.com,"
                            + " *.example.com or api.example.com:8443");
        }
        String name =
                Stream.of(host.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("[^:]*"));
        return Pattern.compile(host.contains(":") ? name : name + ":\\d+");
    }

    /// The server's name in the one form in which it is compared.
    public static String normal(String host) {
        String plain = host.toLowerCase(Locale.ROOT);
        return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }

    /// Refuses a server by the name that the URL gives it.
    ///
    /// @param host as the URL has it, an IPv6 address in brackets
    /// @return its address, if the name is one
    /// @throws EgressRefused if it may not be called
    public Optional<InetAddress> checkHost(String host, int port) {
        String name = normal(host);
        boolean allowed =
                hosts.map(
                                patterns ->
                                        patterns.stream()
                                                .anyMatch(
                                                        pattern ->
                                                                pattern.matcher(name + ":" + port)
                                                                        .matches()))
                        .orElse(true);
        if (!allowed) {
            throw new EgressRefused(
                    "the host does not allow calls to " + host + ":" + port
                            + " (signalbox.egress.hosts)");
        }
        return literal(name, host);
    }

    /// Refuses a server by the address that its name leads to.
    ///
    /// @throws EgressRefused if it may not be called
    public void checkAddress(String host, InetAddress address, int port) {
        boolean allowed =
                SpecialAddresses.isPublic(address)
                        || privateAddresses.stream()
                                .filter(
                                        range ->
                                                !SpecialAddresses.isMetadata(address)
                                                        || SpecialAddresses.isMetadata(range))
                                .anyMatch(range -> range.contains(address, port));
        if (!allowed) {
            throw new EgressRefused(
                    host + ":" + port
                            + " leads to an address that is not public, and the host does not"
                            + " allow calls to it (signalbox.egress.private-addresses)");
        }
    }

    private static Optional<InetAddress> literal(String name, String host) {
        boolean ip6 = name.startsWith("[");
        if (!ip6 && !NUMERIC.matcher(name).matches()) {
            return Optional.empty();
        }
        boolean closed = name.endsWith("]") == ip6;
        String text = ip6 && closed ? name.substring(1, name.length() - 1) : name;
        byte[] bytes =
                !closed || text.contains("%") || (!ip6 && !CANONICAL_IP4.matcher(text).matches())
                        ? null
                        : NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            throw new EgressRefused(host + " is an address in a form that is not accepted");
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
