package dev.signalbox.domain.agent;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;

/// Versions by the precedence of Semantic Versioning 2.0.0: `1.10.0` is higher than `1.9.0`, and
/// `2.0.0` is higher than `2.0.0-rc.1`.
///
/// Guarantee: total, also over texts that are not semantic versions, so that no stored definition
/// can break the order. Build metadata (`+...`) counts only between versions that are otherwise
/// the same, as text.
public final class VersionOrder implements Comparator<String> {

    public static final VersionOrder INSTANCE = new VersionOrder();

    private VersionOrder() {}

    @Override
    public int compare(String left, String right) {
        int precedence = precedence(left, right);
        return precedence != 0 ? precedence : left.compareTo(right);
    }

    private static int precedence(String left, String right) {
        String leftPlain = withoutBuild(left);
        String rightPlain = withoutBuild(right);
        int core = compareParts(core(leftPlain), core(rightPlain));
        if (core != 0) {
            return core;
        }
        String leftPre = preRelease(leftPlain);
        String rightPre = preRelease(rightPlain);
        if (leftPre.isEmpty() || rightPre.isEmpty()) {
            return Boolean.compare(leftPre.isEmpty(), rightPre.isEmpty());
        }
        return compareParts(leftPre, rightPre);
    }

    private static String withoutBuild(String version) {
        int plus = version.indexOf('+');
        return plus < 0 ? version : version.substring(0, plus);
    }

    private static String core(String version) {
        int dash = version.indexOf('-');
        return dash < 0 ? version : version.substring(0, dash);
    }

    private static String preRelease(String version) {
        int dash = version.indexOf('-');
        return dash < 0 ? "" : version.substring(dash + 1);
    }

    private static int compareParts(String left, String right) {
        List<String> lefts = List.of(left.split("\\.", -1));
        List<String> rights = List.of(right.split("\\.", -1));
        for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
            int part = comparePart(lefts.get(i), rights.get(i));
            if (part != 0) {
                return part;
            }
        }
        return Integer.compare(lefts.size(), rights.size());
    }

    /// Numbers by value and below words; words by code units.
    private static int comparePart(String left, String right) {
        boolean leftNumber = isNumber(left);
        boolean rightNumber = isNumber(right);
        if (leftNumber && rightNumber) {
            return new BigInteger(left).compareTo(new BigInteger(right));
        }
        if (leftNumber || rightNumber) {
            return leftNumber ? -1 : 1;
        }
        return left.compareTo(right);
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty()
                && part.chars().allMatch(character -> character >= '0' && character <= '9');
    }
}
