package dev.signalbox.crash;

import java.util.List;

/// How much is swept: a sample in every build, everything with `make crash`.
final class Extent {

    private static final boolean FULL = "full".equals(System.getProperty("signalbox.crash"));

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
}
