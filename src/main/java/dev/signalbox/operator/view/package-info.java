/// Read models of the operator plane: pure folds of a journal into what a person wants to see.
@NullMarked
package dev.signalbox.operator.view;

import org.jspecify.annotations.NullMarked;
