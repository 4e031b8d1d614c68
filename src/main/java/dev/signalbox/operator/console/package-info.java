/// The console: pages for people, rendered on the server, over the same services as the REST.
///
/// Guarantee: nothing that a run, a tool or a definition says becomes markup or script; whatever a
/// page can do, the REST refuses and records in the same way.
@NullMarked
package dev.signalbox.operator.console;

import org.jspecify.annotations.NullMarked;
