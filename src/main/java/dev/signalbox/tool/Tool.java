package dev.signalbox.tool;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A method of a [Toolbox] that `kind: tool` documents reach with `java: {name: …}`. The document
/// says what it takes and gives, what it does to the world and whether a repeat is harmless; a
/// policy decides who may call it.
///
/// The method takes at most one value (a record, a `Json` or a `JsonObject`: the arguments) and a
/// [ToolContext], in any order, and gives what JSON can say: a record, a `Json`, a text, a number, a
/// boolean, a list or map of those, or nothing.
///
/// Where it runs follows from what it gives, as elsewhere in Quarkus:
///
/// | the method | runs | must |
/// |---|---|---|
/// | gives a value | on a virtual thread of its own, interrupted at the time-out | – |
/// | gives a `Uni` | on the worker's thread, which goes on while the `Uni` is pending | not block |
/// | gives a value and is `inPlace` | on the worker's thread | not block; ends in microseconds |
///
/// It ends well, with a [ToolFailure], or with any other exception, of which nobody knows whether
/// the tool had taken effect.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Tool {

    /// The name, unique in the process.
    String value();

    /// Whether a method that gives a value runs on the worker's thread, without a hop to one of its
    /// own.
    boolean inPlace() default false;
}
