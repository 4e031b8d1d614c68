package dev.signalbox.archfixture.cli.store;

public interface Rows {}
