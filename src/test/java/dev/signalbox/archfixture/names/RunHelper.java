package dev.signalbox.archfixture.names;

public interface RunHelper {}
