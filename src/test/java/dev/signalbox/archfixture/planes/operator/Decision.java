package dev.signalbox.archfixture.planes.operator;

public interface Decision {}
