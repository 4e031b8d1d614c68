package dev.signalbox.runtime.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Addresses that do not lead to a server on the public Internet (the IANA registries of
/// special-purpose addresses), and what they hide: a form of IPv6 that carries an IPv4 address leads
/// where that one leads.
final class SpecialAddresses {

    /// Link-local addresses, and others where cloud providers serve credentials to whoever asks.
    private static final List<AddressRange> METADATA =
            ranges(
                    "169.254.0.0/16",
                    "fe80::/10",
                    "100.100.100.200",
                    "168.63.129.16",
                    "fd00:ec2::254");

    private static final List<AddressRange> SPECIAL =
            ranges(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "168.63.129.16",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    "2001::/23",
                    "2001:db8::/32",
                    "3fff::/20");

    private static final AddressRange GLOBAL_IP6 = AddressRange.parse("2000::/3");

    /// An IPv6 block whose addresses hold an IPv4 address, and where in it.
    private record Carrier(AddressRange range, int offset) {}

    private static final List<Carrier> CARRIERS =
            List.of(
                    new Carrier(AddressRange.parse("::/96"), 12),
                    new Carrier(AddressRange.parse("64:ff9b::/96"), 12),
                    new Carrier(AddressRange.parse("2002::/16"), 2));

    private SpecialAddresses() {}

    static boolean isPublic(InetAddress address) {
        return carried(address)
                .map(SpecialAddresses::isPublic)
                .orElseGet(
                        () ->
                                SPECIAL.stream().noneMatch(range -> range.contains(address))
                                        && (address instanceof Inet4Address
                                                || GLOBAL_IP6.contains(address)));
    }

    static boolean isMetadata(InetAddress address) {
        return METADATA.stream().anyMatch(range -> range.contains(address));
    }

    /// Whether the range names such addresses and no others.
    static boolean isMetadata(AddressRange range) {
        return METADATA.stream().anyMatch(range::within);
    }

    private static Optional<InetAddress> carried(InetAddress address) {
        boolean plain = address.isLoopbackAddress() || address.isAnyLocalAddress();
        return plain
                ? Optional.empty()
                : CARRIERS.stream()
                        .filter(carrier -> carrier.range().contains(address))
                        .findFirst()
                        .map(carrier -> carried(address, carrier.offset()));
    }

    private static InetAddress carried(InetAddress address, int offset) {
        try {
            return InetAddress.getByAddress(
                    Arrays.copyOfRange(address.getAddress(), offset, offset + 4));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<AddressRange> ranges(String... ranges) {
        return Stream.of(ranges).map(AddressRange::parse).toList();
    }
}
