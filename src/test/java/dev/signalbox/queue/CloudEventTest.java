package dev.signalbox.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.wire.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventTest {

    private static final CloudEvent EVENT =
            new CloudEvent("1", "/shop", "example", JsonCodec.parseObject("{\"n\": 20.10}"));

    @Test
    void a_structured_event_is_its_body() {
        CloudEvent event =
                decode(
                        "Application/CloudEvents+JSON; charset=UTF-8",
                        """
                        {"specversion": "1.0", "id": "1", "source": "/shop", "type": "example",
                         "subject": "x", "extension": 5, "data": {"n": 20.1}}
                        """,
                        Map.of());

        assertThat(event).isEqualTo(EVENT);
    }

    @Test
    void data_in_base64_is_data_too() {
        CloudEvent event =
                decode(
                        "application/cloudevents+json",
                        """
                        {"specversion": "1.0", "id": "1", "source": "/shop", "type": "example",
                         "data_base64": "eyJuIjogMjAuMX0="}
                        """,
                        Map.of());

        assertThat(event).isEqualTo(EVENT);
    }

    @ParameterizedTest
    @CsvSource({
        "cloudEvents:, application/json",
        "cloudEvents_, application/vnd.example+json",
        "cloudEvents:,"
    })
    void a_binary_event_has_its_attributes_as_properties(String prefix, String contentType) {
        CloudEvent event = decode(contentType, "{\"n\": 20.1}", properties(prefix));

        assertThat(event).isEqualTo(EVENT);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no version    | application/cloudevents+json | {'id': '1'}             |"
                        + " specversion",
                "other version | application/cloudevents+json | {'specversion': '0.3'}  |"
                        + " specversion",
                "no id         | application/cloudevents+json | {'specversion': '1.0'}  | id",
                "number as id  | application/cloudevents+json | {'specversion': '1.0', 'id': 1} |"
                        + " id",
                "no data       | application/cloudevents+json | {'specversion': '1.0', 'id': '1',"
                        + " 'source': 's', 'type': 't'} | data",
                "data a text   | application/cloudevents+json | {'specversion': '1.0', 'id': '1',"
                        + " 'source': 's', 'type': 't', 'data': 'x'} | data",
                "not Base64    | application/cloudevents+json | {'specversion': '1.0', 'id': '1',"
                        + " 'source': 's', 'type': 't', 'data_base64': '!'} | data_base64",
                "data as XML   | application/cloudevents+json | {'specversion': '1.0', 'id': '1',"
                    + " 'source': 's', 'type': 't', 'datacontenttype': 'text/xml', 'data': {}} |"
                    + " datacontenttype",
                "a batch       | application/cloudevents-batch+json | [] | content-type",
                "not an event  | application/json | {} | content-type"
            })
    void what_is_not_an_event_is_refused_with_its_field(
            String what, String contentType, String body, String field) {
        assertThatThrownBy(() -> decode(contentType, body.replace('\'', '"'), Map.of()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().field()).contains(field));
    }

    @Test
    void bytes_that_are_not_text_are_refused() {
        byte[] latin = {'{', '"', (byte) 0xe9, '"', ':', '1', '}'};

        assertThatThrownBy(() -> CloudEvent.decode(null, latin, properties("cloudEvents:")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("not text");
    }

    private static Map<String, String> properties(String prefix) {
        return Map.of(
                prefix + "specversion",
                "1.0",
                prefix + "id",
                "1",
                prefix + "source",
                "/shop",
                prefix + "type",
                "example");
    }

    private static CloudEvent decode(String contentType, String body, Map<String, ?> properties) {
        return CloudEvent.decode(contentType, body.getBytes(StandardCharsets.UTF_8), properties);
    }
}
