package dev.signalbox.runtime.tool;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.tool.Tool;
import dev.signalbox.tool.ToolContext;
import dev.signalbox.tool.Toolbox;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Uni;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One method of a [Toolbox], ready to be called.
final class JavaMethod {

    /// Where a method runs.
    enum Style {
        IN_PLACE,
        PENDING,
        OWN_THREAD
    }

    /// Arguments that match the tool's schema and not the method's parameter.
    static final class BadArguments extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadArguments(IllegalArgumentException mismatch) {
            super(mismatch.getMessage(), mismatch, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    private static final MethodType SPREAD =
            MethodType.methodType(Object.class, Object[].class);

    private final String name;
    private final String origin;
    private final Style style;
    private final MethodHandle handle;
    private final List<Function<ToolInvocation, Object>> arguments;

    private JavaMethod(
            String name,
            String origin,
            Style style,
            MethodHandle handle,
            List<Function<ToolInvocation, Object>> arguments) {
        this.name = name;
        this.origin = origin;
        this.style = style;
        this.handle = handle;
        this.arguments = List.copyOf(arguments);
    }

    /// The tools of a toolbox, those that it inherits included: a bean may be a proxy.
    ///
    /// @throws IllegalStateException if one of them cannot be a tool
    static List<JavaMethod> of(Toolbox toolbox) {
        List<JavaMethod> tools = new ArrayList<>();
        for (Class<?> type = toolbox.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                Tool tool = method.getAnnotation(Tool.class);
                if (tool != null) {
                    tools.add(of(toolbox, method, tool));
                }
            }
        }
        return tools;
    }

    private static JavaMethod of(Toolbox toolbox, Method method, Tool tool) {
        String origin =
                method.getDeclaringClass().getSimpleName() + "." + method.getName();
        if (Modifier.isPrivate(method.getModifiers())
                || Modifier.isStatic(method.getModifiers())) {
            throw new IllegalStateException(
                    origin + ": a tool is a method of the bean that is not private");
        }
        List<Function<ToolInvocation, Object>> arguments = new ArrayList<>();
        for (Class<?> parameter : method.getParameterTypes()) {
            arguments.add(argument(origin, parameter));
        }
        long values =
                List.of(method.getParameterTypes()).stream()
                        .filter(type -> type != ToolContext.class)
                        .count();
        if (values > 1) {
            throw new IllegalStateException(
                    origin + ": a tool takes its arguments as one record or JSON object");
        }
        try {
            method.setAccessible(true);
            MethodHandle handle =
                    MethodHandles.lookup()
                            .unreflect(method)
                            .bindTo(toolbox)
                            .asSpreader(Object[].class, arguments.size())
                            .asType(SPREAD);
            return new JavaMethod(
                    tool.value(), origin, style(method, tool), handle, arguments);
        } catch (IllegalAccessException closed) {
            throw new IllegalStateException(origin + " cannot be called", closed);
        }
    }

    private static Style style(Method method, Tool tool) {
        if (Uni.class.isAssignableFrom(method.getReturnType())) {
            return Style.PENDING;
        }
        return tool.inPlace() ? Style.IN_PLACE : Style.OWN_THREAD;
    }

    private static Function<ToolInvocation, Object> argument(String origin, Class<?> type) {
        if (type == ToolContext.class) {
            return call ->
                    new ToolContext(
                            call.effectId(), call.runId(), call.attempt(), call.deadline());
        }
        if (type.isAssignableFrom(JsonObject.class)) {
            return ToolInvocation::arguments;
        }
        if (type.isRecord() && !Json.class.isAssignableFrom(type)) {
            return call -> decoded(type, call.arguments());
        }
        throw new IllegalStateException(
                origin
                        + ": a tool takes a record, a Json, a JsonObject or a ToolContext, not a "
                        + type.getSimpleName());
    }

    private static Object decoded(Class<?> type, JsonObject arguments) {
        try {
            return RecordCodec.decode(type, arguments);
        } catch (IllegalArgumentException mismatch) {
            throw new BadArguments(mismatch);
        }
    }

    String name() {
        return name;
    }

    /// Class and method, for people.
    String origin() {
        return origin;
    }

    Style style() {
        return style;
    }

    /// Calls the method on this thread. What it throws comes out, if checked as the cause of an
    /// [UndeclaredThrowableException].
    @Nullable Object invoke(ToolInvocation invocation) {
        Object[] values = new Object[arguments.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = arguments.get(index).apply(invocation);
        }
        try {
            return (Object) handle.invokeExact(values);
        } catch (RuntimeException | Error unchecked) {
            throw unchecked;
        } catch (Throwable checked) {
            throw new UndeclaredThrowableException(checked);
        }
    }

    /// As [#invoke], of a method that gives a `Uni`.
    @SuppressWarnings("unchecked")
    Uni<Object> promise(ToolInvocation invocation) {
        Object promise = invoke(invocation);
        if (promise == null) {
            throw new IllegalStateException(origin + " gave null instead of a Uni");
        }
        return (Uni<Object>) promise;
    }

    /// What a tool gave, as JSON.
    ///
    /// @throws IllegalArgumentException if JSON cannot say it
    static Json json(@Nullable Object value) {
        return switch (value) {
            case Json json -> json;
            case Record record -> RecordCodec.encode(record);
            case Iterable<?> items -> {
                List<Json> list = new ArrayList<>();
                items.forEach(item -> list.add(json(item)));
                yield new JsonArray(list);
            }
            case Map<?, ?> map -> {
                Map<String, Json> members = new LinkedHashMap<>();
                map.forEach((key, member) -> members.put(String.valueOf(key), json(member)));
                yield new JsonObject(members);
            }
            case null, default -> Json.of(value);
        };
    }
}
