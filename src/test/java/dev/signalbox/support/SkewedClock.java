package dev.signalbox.support;

import static java.lang.constant.ConstantDescs.CD_long;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// A JVM agent that puts the clock of a whole process wrong: every `Instant` that `java.time` reads
/// off the system is so many seconds ahead. The application needs to know nothing of it, and the
/// timers of the process go on as before, as they do on a machine whose clock is wrong.
public final class SkewedClock {

    private static final String CLOCK = "java/time/Clock";
    private static final ClassDesc INSTANT = ClassDesc.of("java.time.Instant");

    /// Loaded, and with it the agent made, only where the option is asked for.
    private static final class Agent {
        private static final Path JAR = agent();
    }

    private SkewedClock() {}

    /// The JVM option that puts the clock ahead by that much, or behind.
    public static String option(Duration ahead) {
        return "-javaagent:" + Agent.JAR + "=" + ahead.toSeconds();
    }

    /// Called by the JVM before the application starts.
    public static void premain(String seconds, Instrumentation instrumentation)
            throws UnmodifiableClassException {
        long ahead = Long.parseLong(seconds);
        instrumentation.addTransformer(
                new ClassFileTransformer() {
                    @Override
                    public byte[] transform(
                            ClassLoader loader,
                            String name,
                            Class<?> redefined,
                            ProtectionDomain domain,
                            byte[] content) {
                        return CLOCK.equals(name) ? ahead(content, ahead) : null;
                    }
                },
                true);
        instrumentation.retransformClasses(Clock.class);
    }

    private static byte[] ahead(byte[] clock, long seconds) {
        CodeTransform later =
                (code, element) -> {
                    if (element instanceof ReturnInstruction) {
                        code.loadConstant(seconds)
                                .invokevirtual(
                                        INSTANT,
                                        "plusSeconds",
                                        MethodTypeDesc.of(INSTANT, CD_long));
                    }
                    code.with(element);
                };
        return ClassFile.of()
                .transformClass(
                        ClassFile.of().parse(clock),
                        ClassTransform.transformingMethodBodies(
                                method -> method.methodName().equalsString("currentInstant"),
                                later));
    }

    private static Path agent() {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", SkewedClock.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        Path jar = TestServices.directory("agents").resolve("skewed-clock.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String name : new String[] {"SkewedClock", "SkewedClock$1"}) {
                out.putNextEntry(new JarEntry("dev/signalbox/support/" + name + ".class"));
                try (InputStream in =
                        SkewedClock.class.getResourceAsStream(name + ".class")) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
            return jar;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
