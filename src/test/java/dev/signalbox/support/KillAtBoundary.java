package dev.signalbox.support;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A JVM agent that watches what leaves the process and what comes back, and sends the process a
/// `SIGKILL` at the place that its plan names. The application needs to know nothing of it.
///
/// The plan is a file, read when the process starts: the first line names the run to leave alone (or
/// `-`), the second the place to die at (or `-`). Each place that is passed is a line of the log,
/// with the run.
public final class KillAtBoundary implements ClassFileTransformer {

    /// What is watched: implementations of these, in these packages.
    private static final Map<String, String> WATCHED =
            Map.of(
                    "dev/signalbox/store/RunStore", "append",
                    "dev/signalbox/runtime/tool/ToolPort", "call",
                    "dev/signalbox/runtime/model/ModelPort", "chat");

    private static final List<String> PACKAGES =
            List.of(
                    "dev/signalbox/store/postgres/",
                    "dev/signalbox/runtime/tool/",
                    "dev/signalbox/runtime/model/scripted/");

    private static final ClassDesc HERE = ClassDesc.of("dev.signalbox.support.KillAtBoundary");
    private static final ClassDesc UNI = ClassDesc.of("io.smallrye.mutiny.Uni");
    private static final ClassDesc ENDING =
            ClassDesc.of("io.smallrye.mutiny.groups.UniOnItemOrFailure");
    private static final ClassDesc RUNNABLE = ClassDesc.of("java.lang.Runnable");
    private static final Pattern RUN =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final int SIGKILL = 9;

    private static final Map<String, Integer> COUNTS = new HashMap<>();
    private static Path log = Path.of("passed");
    private static String leftAlone = "-";
    private static String place = "-";
    private static final MethodHandle KILL = kill();

    private KillAtBoundary() {}

    /// The JVM option.
    public static String option(Path plan, Path log) {
        return "-javaagent:" + jar() + "=" + plan + "," + log;
    }

    /// Called by the JVM before the application starts.
    public static void premain(String files, Instrumentation instrumentation)
            throws IOException {
        String[] names = files.split(",", 2);
        List<String> plan = Files.readAllLines(Path.of(names[0]));
        log = Path.of(names[1]);
        leftAlone = plan.get(0);
        place = plan.get(1);
        instrumentation.addTransformer(new KillAtBoundary());
    }

    /// Something is about to leave the process.
    public static void before(String site, Object subject) {
        pass("before " + site, subject);
    }

    /// To be run when its answer has come, before anybody hears of it.
    public static Runnable after(String site, Object subject) {
        return () -> pass("after " + site, subject);
    }

    private static synchronized void pass(String side, Object subject) {
        Matcher run = RUN.matcher(String.valueOf(subject));
        if (!run.find() || run.group().equals(leftAlone)) {
            return;
        }
        String passed = side + " " + COUNTS.merge(side, 1, Integer::sum);
        try {
            Files.writeString(
                    log,
                    passed + "\t" + run.group() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            if (passed.equals(place)) {
                int result = (int) KILL.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
                throw new IllegalStateException("still alive after kill: " + result);
            }
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle kill() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("kill").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    @Override
    public byte[] transform(
            ClassLoader loader,
            String name,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] content) {
        if (name == null || PACKAGES.stream().noneMatch(name::startsWith)) {
            return null;
        }
        ClassFile files =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.ofResourceParsing(loader)));
        ClassModel model = files.parse(content);
        String method =
                model.interfaces().stream()
                        .map(implemented -> WATCHED.get(implemented.asInternalName()))
                        .filter(found -> found != null)
                        .findFirst()
                        .orElse(null);
        return method == null
                ? null
                : files.transformClass(
                        model,
                        ClassTransform.transformingMethodBodies(
                                candidate ->
                                        candidate.methodName().equalsString(method)
                                                && candidate
                                                        .methodTypeSymbol()
                                                        .returnType()
                                                        .equals(UNI),
                                watching(method)));
    }

    private static CodeTransform watching(String site) {
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                code.loadConstant(site)
                        .aload(1)
                        .invokestatic(
                                HERE,
                                "before",
                                MethodTypeDesc.of(CD_void, CD_String, CD_Object));
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                if (element instanceof ReturnInstruction) {
                    code.invokeinterface(UNI, "onItemOrFailure", MethodTypeDesc.of(ENDING))
                            .loadConstant(site)
                            .aload(1)
                            .invokestatic(
                                    HERE,
                                    "after",
                                    MethodTypeDesc.of(RUNNABLE, CD_String, CD_Object))
                            .invokevirtual(ENDING, "invoke", MethodTypeDesc.of(UNI, RUNNABLE));
                }
                code.with(element);
            }
        };
    }

    private static Path jar() {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", KillAtBoundary.class.getName());
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        Path jar = TestServices.directory("agents").resolve("kill-at-boundary.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (String name : List.of("KillAtBoundary", "KillAtBoundary$1")) {
                out.putNextEntry(new JarEntry("dev/signalbox/support/" + name + ".class"));
                try (InputStream in =
                        KillAtBoundary.class.getResourceAsStream(name + ".class")) {
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
