/// The stores in PostgreSQL. The journal's append path, claims and locked decisions are SQL over
/// the
/// Vert.x client; what people search and read goes through Hibernate Reactive Panache. Entities and
/// rows never leave the package.
@NullMarked
package dev.signalbox.store.postgres;

import org.jspecify.annotations.NullMarked;
