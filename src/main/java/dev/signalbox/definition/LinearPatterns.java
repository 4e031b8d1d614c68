package dev.signalbox.definition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.Optional;

/// The regular expressions of JSON Schemas, in time linear in the text.
///
/// Consequence: a text from a model cannot make a check run for ever. The price: look-around and
/// back-references, which no linear engine has, are refused when the definition is loaded.
final class LinearPatterns implements RegularExpressionFactory {

    private static final java.util.regex.Pattern UNICODE_ESCAPE =
            java.util.regex.Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u([0-9a-fA-F]{4})");

    @Override
    public RegularExpression getRegularExpression(String regex) {
        Pattern pattern = compile(regex);
        return text -> pattern.matcher(text).find();
    }

    /// Why `regex` cannot be used; empty if it can.
    static Optional<String> problem(String regex) {
        try {
            compile(regex);
            return Optional.empty();
        } catch (PatternSyntaxException malformed) {
            boolean unsupported = regex.contains("(?=") || regex.contains("(?!");
            return Optional.of(
                    unsupported || regex.contains("(?<")
                            ? "look-around is not supported in a pattern"
                            : "not a regular expression: " + malformed.getDescription());
        }
    }

    /// What ECMA 262 writes as backslash, `u` and four digits, RE2 writes as `\x{0041}`.
    private static Pattern compile(String regex) {
        return Pattern.compile(UNICODE_ESCAPE.matcher(regex).replaceAll("$1\\\\x{$2}"));
    }
}
