package dev.signalbox.domain.tool;

/// What a call of a tool does to the world.
public enum SideEffect {
    NONE,
    READ,
    EXTERNAL_WRITE,
    SYSTEM_WRITE,
    DESTRUCTIVE;

    /// Whether a call changes anything outside.
    public boolean writes() {
        return switch (this) {
            case NONE, READ -> false;
            case EXTERNAL_WRITE, SYSTEM_WRITE, DESTRUCTIVE -> true;
        };
    }
}
