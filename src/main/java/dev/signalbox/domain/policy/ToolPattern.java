package dev.signalbox.domain.policy;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A pattern over tool names: `*` stands for any characters, everything else for itself.
public record ToolPattern(String glob) {

    public boolean matches(String toolName) {
        String regex =
                Arrays.stream(glob.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*"));
        return Pattern.matches(regex, toolName);
    }
}
