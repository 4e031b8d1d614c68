/// What the REST of both planes shares: problems on the wire, the JSON of runs and events, paging,
/// and who is calling.
@NullMarked
package dev.signalbox.web;

import org.jspecify.annotations.NullMarked;
