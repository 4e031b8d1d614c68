/// How definitions are read, and what is refused.
package dev.signalbox.definition;
