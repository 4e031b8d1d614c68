package dev.signalbox.runtime.sink;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// What the calls were to that decisions and approvals speak of.
@ApplicationScoped
class ProposedCalls {

    private static final String PROPOSED = "tool_proposed";
    private static final Set<String> ABOUT_CALLS =
            Set.of(PROPOSED, "policy_decided", "approval_requested", "approval_resolved");
    private static final int PAGE = 200;

    private final RunStore runs;

    ProposedCalls(RunStore runs) {
        this.runs = runs;
    }

    /// The tools of these entries of one run, by effect, where they are about calls. Proposals that
    /// are not among the entries are looked for in the journal.
    Uni<Map<EffectId, String>> of(RunId run, List<JournalEntry> entries) {
        Map<EffectId, String> tools = new HashMap<>();
        note(entries, tools);
        Set<EffectId> missing = new HashSet<>();
        entries.stream()
                .filter(entry -> ABOUT_CALLS.contains(entry.type()))
                .flatMap(entry -> entry.effectId().stream())
                .filter(effect -> !tools.containsKey(effect))
                .forEach(missing::add);
        return missing.isEmpty()
                ? Uni.createFrom().item(tools)
                : search(run, missing, entries.getFirst().seq(), tools).replaceWith(tools);
    }

    private Uni<Void> search(
            RunId run, Set<EffectId> missing, long before, Map<EffectId, String> tools) {
        AtomicLong read = new AtomicLong();
        return Multi.createBy()
                .repeating()
                .uni(() -> runs.journal(run, read.get(), PAGE))
                .whilst(
                        page -> {
                            note(page, tools);
                            missing.removeAll(tools.keySet());
                            page.stream().map(JournalEntry::seq).forEach(read::set);
                            return !page.isEmpty() && !missing.isEmpty() && read.get() < before;
                        })
                .onItem()
                .ignoreAsUni();
    }

    private static void note(List<JournalEntry> entries, Map<EffectId, String> tools) {
        for (JournalEntry entry : entries) {
            Optional<EffectId> effect = entry.effectId();
            if (entry.type().equals(PROPOSED)
                    && effect.isPresent()
                    && entry.data().get("tool") instanceof JsonText(String tool)) {
                tools.put(effect.get(), tool);
            }
        }
    }
}
