package dev.signalbox.domain.id;

/// Identity of one effect: a model call or a tool call.
///
/// Guarantee: it follows from the run and the effect's place in it, so every retry of the effect,
/// after a crash too, carries the same id. It goes out as `Idempotency-Key`.
public record EffectId(String value) {

    private static final int MAX_LENGTH = 128;

    public EffectId {
        if (value.isEmpty()
                || value.length() > MAX_LENGTH
                || !value.chars().allMatch(EffectId::isPlain)) {
            throw new IllegalArgumentException(
                    "an effect id is 1 to 128 letters, digits, '-', '_' or '.'");
        }
    }

    /// The `number`th model call of a run, counted from 1.
    public static EffectId modelCall(RunId run, int number) {
        return new EffectId(run + "-m" + number);
    }

    /// The `number`th tool proposal of a run, counted from 1.
    public static EffectId toolCall(RunId run, int number) {
        return new EffectId(run + "-t" + number);
    }

    private static boolean isPlain(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_'
                || character == '.';
    }

    @Override
    public String toString() {
        return value;
    }
}
