package dev.signalbox.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that was probably meant.
final class NearMiss {

    private static final int MAX_LENGTH = 64;

    private NearMiss() {}

    /// `; did you mean 'name'?`, or nothing.
    static String hint(String found, Collection<String> known) {
        return of(found, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    }

    /// The nearest of `known`, if it is near: one edit in three letters, two at most.
    static Optional<String> of(String found, Collection<String> known) {
        if (found.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return known.stream()
                .filter(name -> distance(found, name) <= Math.min(2, (name.length() + 1) / 3))
                .min(
                        Comparator.comparingInt((String name) -> distance(found, name))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /// Edits (a letter more, less, changed, or two neighbours swapped) between two names, whatever
    /// their case.
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int cheapest(int[][] edits, String a, String b, int i, int j) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best =
                Math.min(
                        Math.min(edits[i - 1][j], edits[i][j - 1]) + 1,
                        edits[i - 1][j - 1] + change);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }
}
