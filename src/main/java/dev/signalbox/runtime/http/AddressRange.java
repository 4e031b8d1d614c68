package dev.signalbox.runtime.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of IP addresses, with one port or all of them: `10.0.0.0/8`, `127.0.0.1:8099`, `::1`,
/// `[fd00::1]:80`, `fd00::/8`.
///
/// @param bits how many leading bits of `base` count
/// @param port the only port that is meant; empty for all
record AddressRange(InetAddress base, int bits, Optional<Integer> port) {

    private static final Pattern IP4 =
            Pattern.compile("([0-9.]+)(?:/(\\d{1,2}))?(?::(\\d{1,5}))?");
    private static final Pattern IP6 =
            Pattern.compile("\\[([0-9a-fA-F:.]+)(?:/(\\d{1,3}))?](?::(\\d{1,5}))?");
    private static final Pattern BARE_IP6 = Pattern.compile("([0-9a-fA-F:.]+)(?:/(\\d{1,3}))?()");
    private static final int MOST_PORT = 65_535;

    /// @throws IllegalArgumentException if the text is no range
    static AddressRange parse(String text) {
        for (Pattern form : new Pattern[] {IP4, IP6, BARE_IP6}) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                return of(text, matcher);
            }
        }
        throw malformed(text);
    }

    private static AddressRange of(String text, Matcher parts) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(parts.group(1));
        if (bytes == null) {
            throw malformed(text);
        }
        int all = bytes.length * Byte.SIZE;
        int bits = parts.group(2) == null ? all : Integer.parseInt(parts.group(2));
        Optional<Integer> port =
                Optional.ofNullable(parts.group(3))
                        .filter(digits -> !digits.isEmpty())
                        .map(Integer::valueOf);
        if (bits > all || port.filter(number -> number < 1 || number > MOST_PORT).isPresent()) {
            throw malformed(text);
        }
        return new AddressRange(address(bytes), bits, port);
    }

    boolean contains(InetAddress address, int toPort) {
        return port.map(only -> only == toPort).orElse(true) && contains(address);
    }

    boolean contains(InetAddress address) {
        byte[] mine = base.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    /// Whether every address of this range is in the other one.
    boolean within(AddressRange other) {
        return bits >= other.bits && other.contains(base);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'"
                        + text
                        + "' is no block of addresses; expected one such as 10.0.0.0/8,"
                        + " 127.0.0.1:8099, ::1 or [fd00::/8]:80");
    }
}
