/// Stand-ins for model providers, each as strict as the provider's published API.
@NullMarked
package dev.signalbox.support.provider;

import org.jspecify.annotations.NullMarked;
