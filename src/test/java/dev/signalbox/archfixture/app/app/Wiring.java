package dev.signalbox.archfixture.app.app;

public interface Wiring {}
