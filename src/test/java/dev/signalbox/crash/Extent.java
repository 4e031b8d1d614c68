package dev.signalbox.crash;

import java.util.List;

/// How much is swept: a sample in every build, everything with `make crash`.
final class Extent {

    static final boolean FULL = "full".equals(System.getProperty("signalbox.crash"));

    /// One boundary of so many is in a sample.
    static final int EVERY = 7;

    private Extent() {}

    static <T> T of(T sample, T full) {
        return FULL ? full : sample;
    }

    static List<Order> orders() {
        return of(
                List.of(Order.IN_TURN, Order.COMMITS_LAST),
                List.of(
                        Order.IN_TURN,
                        Order.COMMITS_LAST,
                        Order.NEWEST_FIRST,
                        Order.dice(7),
                        Order.dice(8)));
    }

    /// After so many steps of the process that took over, the one that stood still goes on.
    static List<Integer> standstills() {
        return of(List.of(7), List.of(1, 4, 7, 11, 16, 25, Plan.AT_THE_END));
    }
}
