/// What tests stand on: services, processes, callers, and hand-written fakes.
package dev.signalbox.support;
