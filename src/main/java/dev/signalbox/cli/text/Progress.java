package dev.signalbox.cli.text;

/// How far something long has come: a bar that is drawn over on a terminal, and nothing where
/// nobody watches.
public final class Progress {

    private static final int BAR = 30;

    private final Screen screen;
    private final String what;
    private final long total;
    private boolean drawn;

    /// @param what is counted, such as `firings`
    public Progress(Screen screen, String what, long total) {
        this.screen = screen;
        this.what = what;
        this.total = total;
    }

    public void at(long done) {
        if (screen.lively()) {
            screen.notes().print("\r" + bar(Math.min(done, total)) + "\u001b[K");
            screen.notes().flush();
            drawn = true;
        }
    }

    /// The bar stays where it is; what comes next begins on a line of its own.
    public void end() {
        if (drawn) {
            screen.notes().println();
            drawn = false;
        }
    }

    private String bar(long done) {
        int filled = total == 0 ? BAR : (int) (done * BAR / total);
        return "["
                + "#".repeat(filled)
                + "-".repeat(BAR - filled)
                + "] "
                + done
                + " of "
                + total
                + " "
                + what;
    }
}
