/// What every caller of other people's HTTP servers needs: when to come back, and keeping secrets
/// out of what came back.
@NullMarked
package dev.signalbox.runtime.http;

import org.jspecify.annotations.NullMarked;
