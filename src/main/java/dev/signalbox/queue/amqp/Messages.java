package dev.signalbox.queue.amqp;

import io.vertx.amqp.impl.AmqpMessageImpl;
import io.vertx.mutiny.amqp.AmqpMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.message.Message;
import org.jspecify.annotations.Nullable;

/// AMQP messages, at the level where nothing of a body or a property is interpreted or lost.
final class Messages {

    private Messages() {}

    /// A message with a text as data.
    static Message text(String address, String mediaType, String text) {
        Message message = Message.Factory.create();
        message.setAddress(address);
        message.setContentType(mediaType);
        message.setBody(new Data(new Binary(text.getBytes(StandardCharsets.UTF_8))));
        return message;
    }

    static AmqpMessage outgoing(Message message) {
        return AmqpMessage.newInstance(new AmqpMessageImpl(message));
    }

    static Message unwrap(AmqpMessage message) {
        return message.getDelegate().unwrap();
    }

    /// The bytes of the body: data as they are, a text in UTF-8, nothing for any other type.
    static byte[] body(Message message) {
        return switch (message.getBody()) {
            case Data data -> bytes(data.getValue());
            case AmqpValue value when value.getValue() instanceof String text ->
                    text.getBytes(StandardCharsets.UTF_8);
            case AmqpValue value when value.getValue() instanceof Binary binary -> bytes(binary);
            case null, default -> new byte[0];
        };
    }

    private static byte[] bytes(@Nullable Binary binary) {
        if (binary == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[binary.getLength()];
        System.arraycopy(binary.getArray(), binary.getArrayOffset(), bytes, 0, binary.getLength());
        return bytes;
    }

    static Map<String, Object> properties(Message message) {
        ApplicationProperties properties = message.getApplicationProperties();
        return properties == null || properties.getValue() == null
                ? Map.of()
                : properties.getValue();
    }

    /// A copy for another address, with one more property.
    static Message copy(Message original, String address, String property, String value) {
        Message copy = Message.Factory.create();
        copy.setAddress(address);
        copy.setDurable(true);
        copy.setBody(original.getBody());
        copy.setMessageId(original.getMessageId());
        copy.setCorrelationId(original.getCorrelationId());
        copy.setContentType(original.getContentType());
        copy.setContentEncoding(original.getContentEncoding());
        copy.setSubject(original.getSubject());
        copy.setReplyTo(original.getReplyTo());
        copy.setUserId(original.getUserId());
        Map<String, Object> properties = new HashMap<>(properties(original));
        properties.put(property, value);
        copy.setApplicationProperties(new ApplicationProperties(properties));
        return copy;
    }
}
