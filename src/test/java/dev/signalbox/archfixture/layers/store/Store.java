package dev.signalbox.archfixture.layers.store;

public interface Store {}
