package dev.signalbox.runtime.stage;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.Conversation;
import dev.signalbox.domain.run.Conversation.Entry;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.run.Turn;
import dev.signalbox.domain.run.Turn.ModelCall;
import dev.signalbox.runtime.model.ChatMessage;
import dev.signalbox.runtime.model.ChatMessage.AssistantMessage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ChatMessage.UserMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The conversation of one run as a model gets to see it, from the run's state.
///
/// What was said does not change, so each turn adds only what is new.
public final class ChatHistory {

    private final List<ChatMessage> messages = new ArrayList<>();
    private Conversation known = Conversation.EMPTY;

    /// All messages so far, oldest first. One thread at a time asks, always about the same run.
    List<ChatMessage> upTo(Work work) {
        List<ChatMessage> added = new ArrayList<>();
        if (messages.isEmpty()) {
            added.add(new UserMessage(text(work.input())));
        }
        Conversation said = work.progress().conversation();
        for (Entry entry : said.since(known)) {
            switch (entry) {
                case Entry.ModelTurn(Turn turn) -> addTurn(work, turn, added);
                case Entry.Feedback(Digest findings) ->
                        added.add(new UserMessage(feedback(work.payload(findings))));
                case Entry.Steering(Digest message) ->
                        added.add(new UserMessage(text(work.payload(message))));
            }
        }
        messages.addAll(added);
        known = said;
        return messages;
    }

    private static void addTurn(Work work, Turn turn, List<ChatMessage> messages) {
        if (!(turn.model()
                instanceof ModelCall.Answered(Optional<Digest> said, List<ProposedCall> calls))) {
            return;
        }
        messages.add(
                new AssistantMessage(
                        said.map(work::payload).map(ChatHistory::text),
                        calls.stream()
                                .map(
                                        call ->
                                                new ModelToolCall(
                                                        call.callId(),
                                                        call.tool(),
                                                        work.payload(call.arguments())))
                                .toList()));
        Map<String, ToolCall> last = new LinkedHashMap<>();
        turn.calls().values().forEach(call -> last.put(call.callId(), call));
        for (ProposedCall proposed : calls) {
            ToolCall call = last.get(proposed.callId());
            if (call != null) {
                messages.add(result(work, call));
            }
        }
    }

    private static ToolResultMessage result(Work work, ToolCall call) {
        return switch (call.status()) {
            case Status.Succeeded(Digest result) ->
                    new ToolResultMessage(call.callId(), call.tool(), true, work.payload(result));
            case Status.Refused(String code, String message, Optional<Digest> body) ->
                    new ToolResultMessage(
                            call.callId(),
                            call.tool(),
                            false,
                            error(code, message, body.map(work::payload)));
            case Status.Proposed _,
                    Status.Allowed _,
                    Status.AwaitingApproval _,
                    Status.EditRequested _,
                    Status.Superseded _,
                    Status.Delegated _,
                    Status.Started _,
                    Status.RetryDue _,
                    Status.OutcomeUnknown _ ->
                    throw new IllegalStateException(
                            "the model is asked while call " + call.effectId() + " is open");
        };
    }

    private static Json error(String code, String message, Optional<Json> body) {
        Map<String, Json> error = new LinkedHashMap<>();
        error.put("code", Json.text(code));
        error.put("message", Json.text(message));
        body.ifPresent(answer -> error.put("body", answer));
        return Json.of(Map.of("error", Json.of(error)));
    }

    private static String feedback(Json findings) {
        String list =
                findings instanceof JsonArray(List<Json> items)
                        ? items.stream()
                                .map(item -> "- " + text(item))
                                .collect(Collectors.joining("\n"))
                        : text(findings);
        return "Your answer did not pass verification:\n" + list + "\nCorrect it and answer again.";
    }

    private static String text(Json value) {
        return value instanceof JsonText(String text) ? text : value.canonical();
    }
}
