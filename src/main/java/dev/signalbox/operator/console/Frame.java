package dev.signalbox.operator.console;

import dev.signalbox.domain.audit.Actor;
import java.time.Instant;

/// What surrounds every page.
///
/// @param section which part of the console this is: `inbox`, `runs`, `approvals` or nothing
/// @param taken when the page's data were read
/// @param version of the assets, so that browsers fetch them anew after an upgrade
/// @param news where the page asks whether there is anything new; empty if it does not ask
public record Frame(
        String title,
        String section,
        String who,
        String roles,
        String tenant,
        String taken,
        String version,
        String news) {

    static Frame of(
            String title, String section, Actor actor, Instant now, String version, String news) {
        return new Frame(
                title,
                section,
                actor.name(),
                String.join(", ", actor.roles()),
                actor.tenant(),
                Words.clock(now),
                version,
                news);
    }
}
