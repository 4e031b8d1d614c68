package dev.signalbox.runtime.model.exchange;

import dev.signalbox.domain.id.Digest;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The names of an agent's tools on a wire that knows only `[a-zA-Z0-9_-]{1,64}`.
///
/// Guarantee: different tools of one agent have different names there, and the same tools always
/// have the same names, in whatever order they come. A name that needs no change gets none.
public final class ToolNames {

    private static final int LONGEST = 64;
    private static final int HASH_DIGITS = 8;
    private static final int HASH_START = "sha256:".length();

    private final Map<String, String> onWire = new HashMap<>();
    private final Map<String, String> byWire = new HashMap<>();

    ToolNames(Collection<String> tools) {
        Map<String, Integer> wanted = new HashMap<>();
        tools.forEach(tool -> wanted.merge(plain(tool), 1, Integer::sum));
        for (String tool : tools) {
            String plain = plain(tool);
            boolean unchanged = plain.equals(tool);
            boolean alone = Integer.valueOf(1).equals(wanted.get(plain));
            boolean fits = plain.length() <= LONGEST;
            add(tool, fits && (unchanged || alone) ? plain : hashed(tool));
        }
    }

    private void add(String tool, String wire) {
        if (byWire.putIfAbsent(wire, tool) != null) {
            throw new IllegalArgumentException("two tools share the name '" + wire + "'");
        }
        onWire.put(tool, wire);
    }

    /// The name of `tool` on the wire; a legal one too for a name that a model made up in an
    /// earlier turn.
    public String wire(String tool) {
        String wire = onWire.get(tool);
        if (wire != null) {
            return wire;
        }
        boolean legal = tool.equals(plain(tool)) && tool.length() <= LONGEST;
        return legal ? tool : hashed(tool);
    }

    /// The tool that the model means; a name that nobody gave to it comes back as it is.
    String tool(String wire) {
        return byWire.getOrDefault(wire, wire);
    }

    private static String plain(String tool) {
        StringBuilder plain = new StringBuilder(tool.length());
        tool.codePoints()
                .forEach(character -> plain.append(isLegal(character) ? (char) character : '_'));
        return plain.toString();
    }

    private static String hashed(String tool) {
        String plain = plain(tool);
        String hash = Digest.of(tool).value().substring(HASH_START, HASH_START + HASH_DIGITS);
        return plain.substring(0, Math.min(plain.length(), LONGEST - HASH_DIGITS - 1)) + "_" + hash;
    }

    private static boolean isLegal(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '-';
    }
}
