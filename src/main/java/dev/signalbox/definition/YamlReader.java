package dev.signalbox.definition;

import dev.signalbox.definition.Node.Items;
import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.Node.Member;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.json.Json.JsonNull;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads YAML 1.2 (core schema) to nodes, from the parser's events.
///
/// Guarantee: strict and bounded. Tags, names that are not scalars and duplicate names are refused;
/// a text has at most a million characters, nests at most 64 deep and stands for at most 50,000
/// values, aliases written out.
final class YamlReader {

    private static final int MAX_CHARACTERS = 1_000_000;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_VALUES = 50_000;

    /// The rest of the source cannot be read.
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Place place;

        Unreadable(Place place, String message) {
            super(message, null, false, false);
            this.place = place;
        }
    }

    /// @param values how many values the node stands for
    private record Anchored(Node node, int values, int depth) {}

    private final Source source;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int values;

    private YamlReader(Source source, Problems problems) {
        this.source = source;
        this.problems = problems;
        this.events =
                new Parse(LoadSettings.builder().setLabel(source.name()).build())
                        .parseString(source.text())
                        .iterator();
    }

    /// What could be read.
    ///
    /// @param complete whether that is all of it
    record Result(List<Node> documents, boolean complete) {}

    /// The documents of a source, empty ones left out.
    static Result read(Source source, Problems problems) {
        if (source.text().length() > MAX_CHARACTERS) {
            problems.add(
                    new Place(source.name(), 1),
                    "the file is too large; expected at most " + MAX_CHARACTERS + " characters");
            return new Result(List.of(), false);
        }
        return new YamlReader(source, problems).read();
    }

    private Result read() {
        List<Node> documents = new ArrayList<>();
        try {
            while (events.hasNext()) {
                if (events.next() instanceof DocumentStartEvent) {
                    anchors.clear();
                    Node document = node(events.next(), 1);
                    if (!(document instanceof Leaf(JsonNull _, _))) {
                        documents.add(document);
                    }
                }
            }
            return new Result(documents, true);
        } catch (Unreadable unreadable) {
            problems.add(unreadable.place, String.valueOf(unreadable.getMessage()));
        } catch (MarkedYamlEngineException malformed) {
            int line = malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(
                    new Place(source.name(), line), "malformed YAML: " + malformed.getProblem());
        } catch (YamlEngineException malformed) {
            String reason = String.valueOf(malformed.getMessage()).lines().findFirst().orElse("");
            problems.add(new Place(source.name(), 1), "malformed YAML: " + reason);
        }
        return new Result(documents, false);
    }

    private Node node(Event event, int depth) {
        Place place = place(event);
        if (depth > MAX_DEPTH) {
            throw new Unreadable(
                    place, "nested too deeply; expected at most " + MAX_DEPTH + " levels");
        }
        count(place, 1);
        int before = values;
        Node node =
                switch (event) {
                    case AliasEvent alias -> alias(alias, depth);
                    case ScalarEvent scalar -> {
                        refuseTag(scalar.getTag(), place);
                        yield YamlScalars.leaf(scalar, place, problems);
                    }
                    case MappingStartEvent start -> {
                        refuseTag(start.getTag(), place);
                        yield members(place, depth);
                    }
                    case CollectionStartEvent start -> {
                        refuseTag(start.getTag(), place);
                        yield items(place, depth);
                    }
                    default -> throw new Unreadable(place, "expected a value");
                };
        if (event instanceof NodeEvent named && !(event instanceof AliasEvent)) {
            named.getAnchor()
                    .ifPresent(
                            anchor ->
                                    anchors.put(
                                            anchor,
                                            new Anchored(node, values - before + 1, depth(node))));
        }
        return node;
    }

    private Node alias(AliasEvent event, int depth) {
        Place place = place(event);
        Anchor name = event.getAlias();
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            throw new Unreadable(
                    place,
                    "'*" + name + "' has no anchor '&" + name + "' that is complete before it");
        }
        if (depth + anchored.depth() > MAX_DEPTH) {
            throw new Unreadable(
                    place, "nested too deeply; expected at most " + MAX_DEPTH + " levels");
        }
        count(place, anchored.values());
        return anchored.node();
    }

    private Node items(Place place, int depth) {
        List<Node> items = new ArrayList<>();
        for (Event event = events.next();
                !(event instanceof SequenceEndEvent);
                event = events.next()) {
            items.add(node(event, depth + 1));
        }
        return new Items(items, place);
    }

    private Node members(Place place, int depth) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (Event event = events.next();
                !(event instanceof MappingEndEvent);
                event = events.next()) {
            Place namePlace = place(event);
            if (!(event instanceof ScalarEvent name)) {
                throw new Unreadable(
                        namePlace, "expected a name, found a list, an object or an alias");
            }
            refuseTag(name.getTag(), namePlace);
            Node value = node(events.next(), depth + 1);
            Member earlier = members.putIfAbsent(name.getValue(), new Member(namePlace, value));
            if (earlier != null) {
                problems.add(
                        namePlace,
                        "'"
                                + name.getValue()
                                + "' stands twice in the same object; first at "
                                + earlier.place());
            }
        }
        return new Members(members, place);
    }

    private void count(Place place, int more) {
        values += more;
        if (values > MAX_VALUES) {
            throw new Unreadable(
                    place,
                    "the file stands for too many values, aliases written out; expected at most "
                            + MAX_VALUES);
        }
    }

    private void refuseTag(Optional<String> tag, Place place) {
        tag.ifPresent(
                name -> problems.add(place, "YAML tags are not supported, found '" + name + "'"));
    }

    private Place place(Event event) {
        return new Place(
                source.name(), event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
    }

    private static int depth(Node node) {
        return switch (node) {
            case Leaf _ -> 0;
            case Items(List<Node> items, _) ->
                    1 + items.stream().mapToInt(YamlReader::depth).max().orElse(0);
            case Members(Map<String, Member> members, _) ->
                    1
                            + members.values().stream()
                                    .mapToInt(member -> depth(member.value()))
                                    .max()
                                    .orElse(0);
        };
    }
}
