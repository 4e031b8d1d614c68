package dev.signalbox.domain.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PASSWORD",
                "userPassword",
                "user_password",
                "api-key",
                "apiKey",
                "X-API-Key",
                "Authorization",
                "client_secret",
                "access_token",
                "refreshToken",
                "Set-Cookie",
                "private_key",
                "credentials"
            })
    void a_secret_member_keeps_its_name_and_loses_its_value(String name) {
        Json given = new JsonObject(Map.of(name, Json.text("hunter2-very-secret")));

        Json shown = Redactor.DEFAULT.redact(given);

        assertThat(shown).isEqualTo(new JsonObject(Map.of(name, Json.text(Redactor.MARK))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amount", "tokens", "inputTokens", "orderId", "secretary", "keyboard"})
    void an_innocent_member_stays(String name) {
        Json given = new JsonObject(Map.of(name, Json.number(120)));

        Json shown = Redactor.DEFAULT.redact(given);

        assertThat(shown).isEqualTo(given);
    }

    @Test
    void depth_does_not_hide_a_secret() {
        Json given =
                new JsonObject(
                        Map.of(
                                "list",
                                new JsonArray(
                                        List.of(
                                                new JsonObject(
                                                        Map.of("token", Json.text("abc")))))));

        Json shown = Redactor.DEFAULT.redact(given);

        assertThat(shown.canonical()).isEqualTo("{\"list\":[{\"token\":\"[redacted]\"}]}");
    }

    @Test
    void a_whole_object_under_a_secret_name_goes() {
        Json given =
                new JsonObject(
                        Map.of("credentials", new JsonObject(Map.of("user", Json.text("bob")))));

        Json shown = Redactor.DEFAULT.redact(given);

        assertThat(shown.canonical()).doesNotContain("bob");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"password\": \"hunter2\", \"a\": 1} | {\"password\": \"[redacted]\", \"a\": 1}",
                "{\"api_key\":12345} | {\"api_key\":\"[redacted]\"}",
                "use Authorization: Bearer abcdefgh.ijklmnopq.rs | use Authorization: Bearer"
                        + " [redacted]",
                "GET /x?access_token=abc123&b=2 | GET /x?access_token=[redacted]&b=2",
                "the token is refreshed hourly | the token is refreshed hourly",
                "Basic understanding helps | Basic understanding helps"
            })
    void texts_lose_what_looks_like_a_secret(String given, String expected) {
        String shown = Redactor.DEFAULT.redact(given);

        assertThat(shown).isEqualTo(expected);
    }

    @Test
    @Timeout(10)
    void hostile_text_takes_no_longer_than_its_length() {
        String hostile = "\"token\":\"" + "\\a".repeat(100_000) + "token".repeat(20_000);

        long before = System.nanoTime();
        String shown = Redactor.DEFAULT.redact(hostile);

        assertThat(shown).isNotEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void names_of_the_host_are_secret_in_every_spelling() {
        Redactor redactor = new Redactor(List.of("tax-number"));

        Json shown =
                redactor.redact(
                        new JsonObject(
                                Map.of(
                                        "customerTaxNumber",
                                        Json.text("PT-1"),
                                        "note",
                                        Json.text("tax_number=PT-1 and \"taxNumber\": \"PT-1\""))));

        assertThat(shown.canonical()).doesNotContain("PT-1");
    }

    @Test
    void a_name_of_nothing_is_refused() {
        assertThatThrownBy(() -> new Redactor(List.of(" - ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'properties':{'a':{'x-sensitive':true}}}",
                "{'additionalProperties':{'x-sensitive':true}}",
                "{'patternProperties':{'^a$':{'x-sensitive':true}}}",
                "{'properties':{'a':{'$ref':'#/$defs/p'}},'$defs':{'p':{'x-sensitive':true}}}",
                "{'properties':{'a':{'items':{'properties':{'b':{'x-sensitive':true}}}}}}",
                "{'properties':{'a':{'prefixItems':[{'x-sensitive':true}]}}}",
                "{'allOf':[{'anyOf':[{'properties':{'a':{'x-sensitive':true}}}]}]}",
                "{'if':{},'then':{'properties':{'a':{'x-sensitive':true}}}}",
                "{'$ref':'#/$defs/r','$defs':{'r':{'properties':{'a':{'x-sensitive':true}},"
                        + "'allOf':[{'$ref':'#/$defs/r'}]}}}",
                "{'x-sensitive':true}"
            })
    void what_a_schema_declares_sensitive_goes_wherever_the_schema_says_it(String schema) {
        Json value = JsonCodec.parse("{\"a\":[{\"b\":\"Ann Smith\"}],\"c\":1}");

        Json shown =
                Redactor.DEFAULT.redact(value, JsonCodec.parseObject(schema.replace('\'', '"')));

        assertThat(shown.canonical()).doesNotContain("Ann Smith").contains(Redactor.MARK);
    }
}
