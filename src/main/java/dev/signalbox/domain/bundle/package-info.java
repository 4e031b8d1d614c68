/// Export bundles: what happened to a run, in one document that can be checked without Signalbox.
@org.jspecify.annotations.NullMarked
package dev.signalbox.domain.bundle;
