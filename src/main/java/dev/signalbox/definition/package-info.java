/// Definitions: strict YAML to the domain's records, the expressions and schemas in them, and the
/// bundles that runs pin.
@NullMarked
package dev.signalbox.definition;

import org.jspecify.annotations.NullMarked;
