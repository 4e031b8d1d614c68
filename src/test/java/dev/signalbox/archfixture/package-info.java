/// Classes that break one rule of the architecture each, to show that the rule notices.
package dev.signalbox.archfixture;
