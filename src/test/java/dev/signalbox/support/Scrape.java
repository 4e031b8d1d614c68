package dev.signalbox.support;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `/q/metrics` of the application under test says at one moment, without the traces that it
/// gives as examples.
public record Scrape(String text) {

    private static final Pattern EXEMPLAR = Pattern.compile("(?m) # \\{.*$");
    private static final int FAMILY = "signalbox_runs".length();

    public static Scrape now() {
        String text = new Caller(Planes.managementUri(), Optional.empty()).get("/q/metrics").text();
        return new Scrape(EXEMPLAR.matcher(text).replaceAll(""));
    }

    /// The sum of all samples of that name with these labels, each as `name=value`; 0 if there is
    /// none.
    public double sum(String name, String... labels) {
        return samples(name, labels).stream().mapToDouble(Double::doubleValue).sum();
    }

    /// The one sample of that name with these labels.
    public OptionalDouble one(String name, String... labels) {
        return samples(name, labels).stream().mapToDouble(Double::doubleValue).findFirst();
    }

    /// The lines that begin like `name` does: what a test shows when it does not find what it seeks.
    public String like(String name) {
        String family = name.substring(0, Math.min(name.length(), FAMILY));
        return text.lines()
                .filter(line -> line.startsWith(family))
                .collect(Collectors.joining("\n"));
    }

    private List<Double> samples(String name, String... labels) {
        Pattern sample = Pattern.compile(Pattern.quote(name) + "(\\{.*})? (\\S+)");
        return text.lines()
                .map(sample::matcher)
                .filter(line -> line.matches())
                .filter(line -> hasAll(line.group(1), labels))
                .map(line -> Double.valueOf(line.group(2)))
                .toList();
    }

    private static boolean hasAll(String present, String... labels) {
        return Arrays.stream(labels)
                .map(label -> label.split("=", 2))
                .allMatch(
                        label ->
                                present != null
                                        && present.contains(label[0] + "=\"" + label[1] + "\""));
    }
}
