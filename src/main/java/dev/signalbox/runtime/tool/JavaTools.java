package dev.signalbox.runtime.tool;

import dev.signalbox.definition.HostTools;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.runtime.tool.ToolOutcome.Failed;
import dev.signalbox.runtime.tool.ToolOutcome.Succeeded;
import dev.signalbox.runtime.tool.ToolOutcome.TryAgain;
import dev.signalbox.runtime.tool.ToolOutcome.Unknown;
import dev.signalbox.tool.ToolFailure;
import dev.signalbox.tool.Toolbox;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/// Tools that are methods of the host's beans.
///
/// Guarantee: every ending is a [ToolOutcome]. What a tool throws unasked goes to the log; the model
/// and the journal get its kind only, because messages of exceptions quote what they like.
@ApplicationScoped
public class JavaTools implements HostTools {

    private static final Logger LOG = Logger.getLogger(JavaTools.class);

    private final InstantSource clock;
    private final Map<String, JavaMethod> methods = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @throws IllegalStateException if a method cannot be a tool, or two have one name
    public JavaTools(@All List<Toolbox> toolboxes, InstantSource clock) {
        this.clock = clock;
        for (Toolbox toolbox : toolboxes) {
            JavaMethod.of(toolbox).forEach(this::add);
        }
    }

    private void add(JavaMethod method) {
        JavaMethod other = methods.putIfAbsent(method.name(), method);
        if (other != null) {
            throw new IllegalStateException(
                    "two Java tools are called '"
                            + method.name()
                            + "': "
                            + other.origin()
                            + " and "
                            + method.origin());
        }
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }

    @Override
    public Set<String> names() {
        return Set.copyOf(methods.keySet());
    }

    Uni<ToolOutcome> call(ToolInvocation invocation, JavaCall call) {
        JavaMethod method = methods.get(call.name());
        if (method == null) {
            return Uni.createFrom()
                    .item(
                            new Failed(
                                    "no_such_tool",
                                    "this process has no Java tool '" + call.name() + "'",
                                    JsonNull.NULL));
        }
        return switch (method.style()) {
            case IN_PLACE -> Uni.createFrom().item(() -> finished(method, invocation));
            case PENDING -> inTime(pending(method, invocation), call.timeout());
            case OWN_THREAD -> inTime(onOwnThread(method, invocation), call.timeout());
        };
    }

    private ToolOutcome finished(JavaMethod method, ToolInvocation invocation) {
        try {
            inTimeToStart(invocation);
            return new Succeeded(JavaMethod.json(method.invoke(invocation)));
        } catch (RuntimeException | Error failure) {
            return outcome(method, invocation, failure);
        }
    }

    private Uni<ToolOutcome> pending(JavaMethod method, ToolInvocation invocation) {
        return Uni.createFrom()
                .<Object>deferred(
                        () -> {
                            inTimeToStart(invocation);
                            return method.promise(invocation);
                        })
                .<ToolOutcome>map(value -> new Succeeded(JavaMethod.json(value)))
                .onFailure()
                .recoverWithItem(failure -> outcome(method, invocation, failure));
    }

    private Uni<ToolOutcome> onOwnThread(JavaMethod method, ToolInvocation invocation) {
        return Uni.createFrom()
                .emitter(
                        emitter -> {
                            Future<?> work =
                                    threads.submit(
                                            () -> emitter.complete(finished(method, invocation)));
                            emitter.onTermination(() -> work.cancel(true));
                        });
    }

    private static Uni<ToolOutcome> inTime(Uni<ToolOutcome> call, Duration timeout) {
        return call.ifNoItem()
                .after(timeout)
                .recoverWithItem(new Unknown("timeout", "no answer within " + timeout));
    }

    /// A process that stood still may have lost the run meanwhile.
    private void inTimeToStart(ToolInvocation invocation) {
        if (clock.instant().isAfter(invocation.sendBy())) {
            throw ToolFailure.retryable(
                    "not_sent", "the process stood still; the call was not made");
        }
    }

    private static ToolOutcome outcome(
            JavaMethod method, ToolInvocation invocation, Throwable failure) {
        if (failure instanceof ToolFailure said) {
            return switch (said.kind()) {
                case PERMANENT -> new Failed(said.code(), said.message(), JsonNull.NULL);
                case RETRYABLE -> new TryAgain(said.code(), said.message(), said.retryAfter());
                case UNKNOWN -> new Unknown(said.code(), said.message());
            };
        }
        if (failure instanceof JavaMethod.BadArguments bad) {
            return new Failed("invalid_arguments", bad.reason(), JsonNull.NULL);
        }
        LOG.warnf(failure, "%s: the tool %s broke", invocation.effectId(), method.origin());
        Throwable cause =
                failure instanceof UndeclaredThrowableException wrapped
                        ? wrapped.getUndeclaredThrowable()
                        : failure;
        String detail = "the tool ended with " + cause.getClass().getSimpleName();
        return invocation.tool().sideEffect().writes()
                ? new Unknown("tool_broke", detail)
                : new Failed("tool_broke", detail, JsonNull.NULL);
    }
}
