package dev.signalbox.app.auth;

import dev.signalbox.domain.audit.Actor.Plane;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads the tokens file: a YAML list of callers, strictly.
final class TokensFile {

    private static final Set<String> FIELDS = Set.of("name", "sha256", "plane", "roles", "tenant");

    private final Path file;
    private final Set<String> names = new HashSet<>();

    private TokensFile(Path file) {
        this.file = file;
    }

    /// The callers of `file`.
    ///
    /// @throws ConfigurationException naming the line that is wrong and what was expected
    static List<KnownCaller> read(Path file) {
        return new TokensFile(file).read();
    }

    private List<KnownCaller> read() {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).setUseMarks(true).build();
            Node root =
                    new Compose(settings)
                            .composeString(Files.readString(file))
                            .orElseThrow(
                                    () ->
                                            new ConfigurationException(
                                                    file + ": expected a list of callers"));
            List<KnownCaller> callers = new ArrayList<>();
            for (Node item : sequence(root, "a list of callers")) {
                callers.add(caller(item));
            }
            return callers;
        } catch (IOException | YamlEngineException failed) {
            throw new ConfigurationException(
                    "cannot read the tokens file " + file + ": " + failed.getMessage(), failed);
        }
    }

    private KnownCaller caller(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, "expected a caller: {name, sha256, plane, roles, tenant}");
        }
        Map<String, Node> fields = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode(), "a field's name");
            if (!FIELDS.contains(name)) {
                throw wrong(tuple.getKeyNode(), "unknown field '" + name + "'; expected " + FIELDS);
            }
            if (fields.put(name, tuple.getValueNode()) != null) {
                throw wrong(tuple.getKeyNode(), "the field '" + name + "' stands here twice");
            }
        }
        Node nameNode = required(mapping, fields, "name");
        String name = text(nameNode, "a name");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}")) {
            throw wrong(nameNode, "expected a name of 1 to 63 letters, digits, '.', '_', '@', '-'");
        }
        if (!names.add(name)) {
            throw wrong(nameNode, "a caller called '" + name + "' stands here twice");
        }
        return new KnownCaller(
                name,
                digest(required(mapping, fields, "sha256")),
                plane(required(mapping, fields, "plane")),
                roles(required(mapping, fields, "roles")),
                Optional.ofNullable(fields.get("tenant"))
                        .map(node2 -> text(node2, "a tenant"))
                        .orElse("default"));
    }

    private String digest(Node node) {
        String value = text(node, "a SHA-256");
        if (!value.matches("[0-9a-f]{64}")) {
            throw wrong(node, "expected the token's SHA-256: 64 lower-case hexadecimal digits");
        }
        return value;
    }

    private Plane plane(Node node) {
        return switch (text(node, "a plane")) {
            case "request" -> Plane.REQUEST;
            case "operator" -> Plane.OPERATOR;
            default -> throw wrong(node, "expected 'request' or 'operator'");
        };
    }

    private List<String> roles(Node node) {
        List<String> roles = new ArrayList<>();
        for (Node item : sequence(node, "a list of roles")) {
            String role = text(item, "a role");
            if (!role.matches("[a-z][a-z0-9-]{0,62}")) {
                throw wrong(item, "expected a role of lower-case letters, digits and '-'");
            }
            roles.add(role);
        }
        return roles;
    }

    private Node required(MappingNode mapping, Map<String, Node> fields, String name) {
        Node node = fields.get(name);
        if (node == null) {
            throw wrong(mapping, "the field '" + name + "' is missing");
        }
        return node;
    }

    private List<Node> sequence(Node node, String expected) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw wrong(node, "expected " + expected);
    }

    private String text(Node node, String expected) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return scalar.getValue();
        }
        throw wrong(node, "expected " + expected);
    }

    private ConfigurationException wrong(Node node, String expected) {
        String line = node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
        return new ConfigurationException(file + line + ": " + expected);
    }
}
