/// The stores of the simple environment: those of memory behind a log in a directory.
///
/// Guarantee: nobody hears of a change before it is on the disk, and after any crash the directory
/// opens to exactly what somebody has heard of, or to a little more.
@NullMarked
package dev.signalbox.store.file;

import org.jspecify.annotations.NullMarked;
