package io.faultline.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a descriptor, a watched or memfd mapping, or a thread of its own behind. */
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    /** What the threads of tests and of the module are called. */
    public static final String THREAD_PREFIX = "faultline-linux";

    private static final String VCPU_PREFIX = "faultline-vcpu-";

    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(NothingLeft.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        if (Files.isDirectory(Path.of("/proc/self/fd"))) {
            context.getStore(SPACE).put("descriptors", descriptors());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Object before = context.getStore(SPACE).get("descriptors");
        if (before == null || context.getExecutionException().isPresent()) {
            return; // no Linux, or the test did not come to its end
        }
        assertThat(descriptors()).as("open descriptors").isEqualTo(before);
        assertThat(watchedMappings()).as("mappings that a userfaultfd watches, or of a memfd").isEmpty();
        assertThat(threads()).as("threads").isEmpty();
    }

    /** Descriptors that only this module opens: the JVM opens files and sockets of its own meanwhile. */
    private static Set<String> descriptors() {
        Set<String> found = new TreeSet<>();
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            for (Path entry : entries.toList()) {
                String target = target(entry);
                if (target.contains("userfaultfd") || target.contains("memfd:") || target.contains("event")
                        || target.endsWith("/pagemap")) {
                    found.add(entry.getFileName() + " " + target);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static List<String> watchedMappings() {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/self/smaps"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        List<String> found = new ArrayList<>();
        String mapping = "";
        for (String line : lines) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                mapping = line;
                if (line.contains("memfd:")) {
                    found.add(line);
                }
            } else if (line.startsWith("VmFlags:") && line.matches(".* u[mwi]( .*|$)")) {
                found.add(mapping);
            }
        }
        return found;
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(THREAD_PREFIX) || name.startsWith(VCPU_PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
