package dev.signalbox.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.util.HexFormat;

/// Reads OTLP/JSON into the official protobuf classes, as strictly as its specification has it: a
/// field that the message does not have is refused, ids are hexadecimal, 64-bit integers texts.
final class OtlpJsonReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private OtlpJsonReader() {}

    static ExportTraceServiceRequest read(byte[] body) throws IOException {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        fill(request, JSON.readTree(body));
        return request.build();
    }

    private static void fill(Message.Builder message, JsonNode json) {
        json.properties()
                .forEach(
                        member -> {
                            FieldDescriptor field = field(message, member.getKey());
                            if (field.isRepeated()) {
                                member.getValue()
                                        .forEach(
                                                item ->
                                                        message.addRepeatedField(
                                                                field,
                                                                value(message, field, item)));
                            } else {
                                message.setField(
                                        field, value(message, field, member.getValue()));
                            }
                        });
    }

    private static FieldDescriptor field(Message.Builder message, String name) {
        return message.getDescriptorForType().getFields().stream()
                .filter(field -> field.getJsonName().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        message.getDescriptorForType().getName()
                                                + " has no "
                                                + name));
    }

    private static Object value(Message.Builder message, FieldDescriptor field, JsonNode json) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message.Builder nested = message.newBuilderForField(field);
                fill(nested, json);
                yield nested.build();
            }
            case BYTE_STRING -> ByteString.copyFrom(HexFormat.of().parseHex(text(json)));
            case STRING -> text(json);
            case LONG -> Long.parseLong(text(json));
            case INT -> json.intValue();
            case DOUBLE -> number(json).doubleValue();
            case FLOAT -> number(json).floatValue();
            case BOOLEAN -> {
                require(json.isBoolean(), json);
                yield json.booleanValue();
            }
            case ENUM -> {
                EnumValueDescriptor value =
                        field.getEnumType().findValueByNumber(number(json).intValue());
                require(value != null, json);
                yield value;
            }
        };
    }

    private static String text(JsonNode json) {
        require(json.isTextual(), json);
        return json.textValue();
    }

    private static JsonNode number(JsonNode json) {
        require(json.isNumber(), json);
        return json;
    }

    private static void require(boolean holds, JsonNode json) {
        if (!holds) {
            throw new IllegalArgumentException("not as OTLP/JSON has it: " + json);
        }
    }
}
