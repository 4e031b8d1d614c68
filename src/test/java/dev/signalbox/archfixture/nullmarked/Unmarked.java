package dev.signalbox.archfixture.nullmarked;

record Unmarked(String value) {}
