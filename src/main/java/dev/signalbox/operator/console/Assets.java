package dev.signalbox.operator.console;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jboss.resteasy.reactive.RestResponse;

/// Scripts and styles from our own origin. The library's script comes out of its archive; the rest
/// are files that the server hands out by itself.
@Singleton
@Path("/assets/htmx.min.js")
public class Assets {

    private static final String HTMX = "META-INF/resources/webjars/htmx.org/2.0.7/dist/htmx.min.js";

    private static final List<String> OWN =
            List.of(
                    "META-INF/resources/assets/console.css",
                    "META-INF/resources/assets/console.js",
                    "META-INF/resources/assets/marks.svg");

    private final byte[] htmx = read(HTMX);
    private final String version = version();

    /// Changes whenever one of the assets does.
    String assetVersion() {
        return version;
    }

    @GET
    @Produces("text/javascript;charset=UTF-8")
    public RestResponse<String> htmx() {
        return RestResponse.ResponseBuilder.ok(new String(htmx, StandardCharsets.UTF_8))
                .header("Cache-Control", "public, max-age=86400, immutable")
                .build();
    }

    private String version() {
        CRC32 sum = new CRC32();
        sum.update(htmx);
        OWN.forEach(name -> sum.update(read(name)));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    private static byte[] read(String name) {
        ClassLoader loader =
                Objects.requireNonNullElseGet(
                        Thread.currentThread().getContextClassLoader(),
                        Assets.class::getClassLoader);
        try (InputStream content = loader.getResourceAsStream(name)) {
            return Objects.requireNonNull(content, name).readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
