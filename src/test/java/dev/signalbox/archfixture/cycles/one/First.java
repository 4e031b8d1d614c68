package dev.signalbox.archfixture.cycles.one;

import dev.signalbox.archfixture.cycles.two.Second;

public interface First {
    Second second();
}
