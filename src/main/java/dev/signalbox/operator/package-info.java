/// The operator plane: reading runs, deciding approvals, commanding runs; REST under
/// `/operator/v1`.
///
/// Guarantee: whoever may not see a run cannot tell it from one that does not exist, and every
/// command leaves an audit record, refused ones included.
@NullMarked
package dev.signalbox.operator;

import org.jspecify.annotations.NullMarked;
