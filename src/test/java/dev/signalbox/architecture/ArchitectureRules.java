package dev.signalbox.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/// The rules of `docs/architecture.md`, each for any root package: the product's, or that of a
/// fixture which breaks the rule on purpose.
enum ArchitectureRules {
    LAYERS("layers") {
        @Override
        ArchRule in(String root) {
            return classes()
                    .that()
                    .resideInAPackage(root + "..")
                    .should(onlyImportLayersBelow(root));
        }
    },
    PLANES_APART("planes") {
        @Override
        ArchRule in(String root) {
            return slices().matching(root + ".(request|runtime|operator)..")
                    .should()
                    .notDependOnEachOther();
        }
    },
    NOTHING_IMPORTS_APP("app") {
        @Override
        ArchRule in(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + "..")
                    .and()
                    .resideOutsideOfPackage(root + ".app..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(root + ".app..");
        }
    },
    PURE_DOMAIN("domain") {
        @Override
        ArchRule in(String root) {
            return classes()
                    .that()
                    .resideInAPackage(root + ".domain..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(root + ".domain..", "java..", "org.jspecify..");
        }
    },
    COMMAND_LINE_IS_A_CLIENT("cli") {
        @Override
        ArchRule in(String root) {
            return classes()
                    .that()
                    .resideInAPackage(root + ".cli..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            root + ".cli..",
                            root + ".domain..",
                            "java..",
                            "org.jspecify..",
                            "picocli..",
                            "com.fasterxml.jackson.core..");
        }
    },
    NO_CYCLES("cycles") {
        @Override
        ArchRule in(String root) {
            return slices().matching(root + ".(**)").should().beFreeOfCycles();
        }
    },
    TELLING_NAMES("names") {
        @Override
        ArchRule in(String root) {
            return classes()
                    .that()
                    .resideInAPackage(root + "..")
                    .should(haveATellingName())
                    .andShould()
                    .resideOutsideOfPackages("..util..", "..common..", "..helper..", "..manager..");
        }
    },
    NO_AWAIT("await") {
        @Override
        ArchRule in(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + "..")
                    .should()
                    .callMethodWhere(blocksForAUni());
        }
    },
    TIME_BY_PORT("clock") {
        @Override
        ArchRule in(String root) {
            return noClasses()
                    .that()
                    .resideInAPackage(root + "..")
                    .should()
                    .callMethodWhere(readsTheClock(root));
        }
    },
    NULL_MARKED("nullmarked") {
        @Override
        ArchRule in(String root) {
            return classes().that().resideInAPackage(root + "..").should(beNullMarked());
        }
    };

    private static final List<String> PLANES =
            List.of("domain", "wire", "definition", "store", "queue", "observe", "web");

    /// What each layer may import besides itself. A layer that is missing here may import nothing.
    private static final Map<String, Set<String>> BELOW =
            Map.ofEntries(
                    Map.entry("domain", Set.of()),
                    Map.entry("cli", Set.of("domain")),
                    Map.entry("tool", Set.of("domain")),
                    Map.entry("governance", Set.of("domain")),
                    Map.entry("wire", Set.of("domain")),
                    Map.entry("definition", Set.of("domain", "wire")),
                    Map.entry("store", Set.of("domain", "wire", "definition")),
                    Map.entry("queue", Set.of("domain", "wire", "definition", "store")),
                    Map.entry("observe", Set.of("domain", "wire", "definition", "store")),
                    Map.entry("web", Set.of("domain", "wire", "definition", "store")),
                    Map.entry("request", Set.copyOf(PLANES)),
                    Map.entry("operator", Set.copyOf(PLANES)),
                    Map.entry(
                            "runtime",
                            Set.of(
                                    "domain",
                                    "tool",
                                    "governance",
                                    "wire",
                                    "definition",
                                    "store",
                                    "queue",
                                    "observe")),
                    Map.entry("app", everything()));

    private final String fixture;

    ArchitectureRules(String fixture) {
        this.fixture = fixture;
    }

    /// The rule for the classes below `root`.
    abstract ArchRule in(String root);

    /// The package whose classes break this rule.
    String fixture() {
        return "dev.signalbox.archfixture." + fixture;
    }

    private static Set<String> everything() {
        List<String> all = new ArrayList<>(PLANES);
        all.addAll(List.of("tool", "governance", "request", "runtime", "operator"));
        return Set.copyOf(all);
    }

    private static ArchCondition<JavaClass> onlyImportLayersBelow(String root) {
        return new ArchCondition<>("only import layers below their own") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                Optional<String> from = layer(root, origin);
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    Optional<String> to = layer(root, dependency.getTargetClass());
                    if (to.isPresent() && !to.equals(from) && !below(from).contains(to.get())) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static Set<String> below(Optional<String> layer) {
        return layer.map(name -> BELOW.getOrDefault(name, Set.of())).orElse(Set.of());
    }

    private static Optional<String> layer(String root, JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(root + ".")
                ? Optional.of(name.substring(root.length() + 1).split("\\.", 2)[0])
                : Optional.empty();
    }

    private static ArchCondition<JavaClass> haveATellingName() {
        return new ArchCondition<>("have a name that tells what they do") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.getSimpleName().matches(".*(Impl|Utils?|Helper|Manager)([A-Z].*)?")) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, type.getName() + " has a name that tells nothing"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> beNullMarked() {
        return new ArchCondition<>("live in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, type.getPackageName() + " is not @NullMarked"));
                }
            }
        };
    }

    private static DescribedPredicate<JavaMethodCall> blocksForAUni() {
        return DescribedPredicate.describe(
                "block for a Uni",
                call ->
                        call.getTarget().getName().equals("await")
                                && call.getTargetOwner().isAssignableTo(Uni.class));
    }

    /// The wiring, and only the wiring, may name the clock that everybody else is given.
    private static DescribedPredicate<JavaMethodCall> readsTheClock(String root) {
        return DescribedPredicate.describe(
                "read the clock of the machine",
                call -> {
                    MethodCallTarget target = call.getTarget();
                    String owner = target.getOwner().getName();
                    boolean now =
                            owner.startsWith("java.time.")
                                    && target.getName().equals("now")
                                    && target.getRawParameterTypes().isEmpty();
                    boolean wiring = call.getOriginOwner().getName().startsWith(root + ".app.");
                    boolean clock =
                            !wiring
                                    && owner.matches("java\\.time\\.(Clock|InstantSource)")
                                    && target.getName().startsWith("system");
                    boolean millis =
                            owner.equals("java.lang.System")
                                    && target.getName().equals("currentTimeMillis");
                    return now || clock || millis;
                });
    }
}
