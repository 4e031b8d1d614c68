package dev.signalbox.archfixture.cycles.two;

import dev.signalbox.archfixture.cycles.one.First;

public interface Second {
    First first();
}
