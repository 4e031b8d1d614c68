package dev.signalbox.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A stretch of network on loopback that a test can break: it carries bytes to one port, both ways,
/// until it is told otherwise.
public final class TcpProxy implements AutoCloseable {

    /// Which way bytes go.
    public enum Way {
        /// From those who connect.
        THERE,
        /// To those who connect.
        BACK
    }

    private static final int CONNECT_MILLIS = 2000;
    private static final int CHUNK = 16 * 1024;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> stranded = ConcurrentHashMap.newKeySet();
    private final Set<Way> frozen = EnumSet.noneOf(Way.class);
    private volatile boolean refusing;

    private TcpProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// A proxy on a free port to `target` on this machine.
    public static TcpProxy to(int target) {
        try {
            return new TcpProxy(target);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Resets every connection; new ones come through.
    public void reset() {
        open.forEach(TcpProxy::reset);
        open.clear();
    }

    /// Resets every connection, and new ones at once.
    public void cut() {
        refusing = true;
        reset();
    }

    /// Nothing moves any more, and nobody is told: bytes wait, new connections are silent.
    public void freeze() {
        freeze(Way.THERE);
        freeze(Way.BACK);
    }

    /// Bytes of one direction wait.
    public void freeze(Way way) {
        synchronized (frozen) {
            frozen.add(way);
        }
    }

    /// Every connection goes silent for good, without a word to either side; new ones come through.
    public void strand() {
        stranded.addAll(open);
        open.clear();
    }

    /// All is well again. What was frozen goes on where it was.
    public void heal() {
        refusing = false;
        synchronized (frozen) {
            frozen.clear();
            frozen.notifyAll();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // It is gone either way.
        }
        heal();
        reset();
        stranded.forEach(TcpProxy::reset);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                if (refusing) {
                    reset(caller);
                } else {
                    Thread.ofVirtual().start(() -> connect(caller));
                }
            } catch (IOException _) {
                // Closed, or one caller less.
            }
        }
    }

    private void connect(Socket caller) {
        Socket other = new Socket();
        open.add(caller);
        open.add(other);
        try {
            caller.setTcpNoDelay(true);
            other.setTcpNoDelay(true);
            other.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_MILLIS);
        } catch (IOException _) {
            end(caller, other);
            return;
        }
        if (refusing) {
            end(caller, other);
            return;
        }
        Thread.ofVirtual().start(() -> carry(caller, other, Way.THERE));
        Thread.ofVirtual().start(() -> carry(other, caller, Way.BACK));
    }

    private void carry(Socket from, Socket to, Way way) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                pass(way);
                if (!stranded.contains(from)) {
                    out.write(chunk, 0, read);
                }
            }
            pass(way);
            if (stranded.contains(from)) {
                return;
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                close(from, to);
            }
        } catch (IOException _) {
            if (!stranded.contains(from)) {
                end(from, to);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Way way) throws InterruptedException {
        synchronized (frozen) {
            while (frozen.contains(way)) {
                frozen.wait();
            }
        }
    }

    private void close(Socket one, Socket other) throws IOException {
        open.remove(one);
        open.remove(other);
        one.close();
        other.close();
    }

    /// What one side did in bad order, the other hears of as a reset.
    private void end(Socket one, Socket other) {
        open.remove(one);
        open.remove(other);
        reset(one);
        reset(other);
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (SocketException _) {
            // Closed before.
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
