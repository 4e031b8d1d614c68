/// The embedded default: PostgreSQL, broker and example services inside the application, so that
/// one
/// command runs it all. Left out of production images.
@NullMarked
package dev.signalbox.app.embedded;

import org.jspecify.annotations.NullMarked;
