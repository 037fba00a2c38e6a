package io.faultline.bench.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs a main class in a fresh JVM: the same java, the same class path and the same flags as this one, but for the heap,
 * which is fixed and touched beforehand, so that nobody is measured while the kernel zeroes memory for it.
 */
public final class ChildJvm {
    /** The heap's size is ours to say; agents and recordings would write where the parent's do. */
    private static final Pattern NOT_INHERITED = Pattern.compile("-Xm[sxn].*|-XX:[A-Za-z]*RAMPercentage=.*"
            + "|-XX:(Max|Initial)HeapSize=.*|-javaagent:.*|-agent(lib|path):.*|-XX:StartFlightRecording.*");
    private static final int LINES_KEPT = 200;
    private static final Pattern FAILURE = Pattern.compile("Exception|Error|error:");

    private final String mainClass;
    private final long limitSeconds;

    /**
     * @param mainClass whose main method prints a {@link Measurement#line()}
     * @param limitSeconds after which a child is ended
     */
    public ChildJvm(String mainClass, long limitSeconds) {
        this.mainClass = mainClass;
        this.limitSeconds = limitSeconds;
    }

    /**
     * Runs one child to its end.
     *
     * @throws ContenderFailedException when it brought no measurement
     * @throws InterruptedException when this thread was interrupted; the child is ended
     */
    public Measurement run(Entrant entrant) throws ContenderFailedException, InterruptedException {
        Process process = start(entrant);
        Thread ending = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ending);
        try {
            return await(process, entrant);
        } finally {
            process.destroyForcibly();
            // Fails when this JVM is on its way down already: then the hook runs.
            if (!Thread.currentThread().isInterrupted()) {
                removeHook(ending);
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook does what is left to do.
        }
    }

    private Process start(Entrant entrant) throws ContenderFailedException {
        try {
            return new ProcessBuilder(command(entrant)).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new ContenderFailedException(entrant.title() + ": cannot start a JVM: " + e.getMessage(), e);
        }
    }

    List<String> command(Entrant entrant) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean()
                .getInputArguments()
                .stream()
                .filter(flag -> !NOT_INHERITED.matcher(flag).matches())
                .forEach(command::add);
        long heapMebibytes = Math.max(1, entrant.heap().bytes() >> 20);
        command.add("-Xms" + heapMebibytes + "m");
        command.add("-Xmx" + heapMebibytes + "m");
        command.add("-XX:+AlwaysPreTouch");
        command.add("-cp");
        command.add(System.getProperty("java.class.path", ""));
        command.add(mainClass);
        command.addAll(entrant.arguments());
        return command;
    }

    private Measurement await(Process process, Entrant entrant) throws ContenderFailedException, InterruptedException {
        FutureTask<List<String>> output = new FutureTask<>(() -> lines(process));
        Thread.ofPlatform().daemon().name("child-output").start(output);
        if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
            throw new ContenderFailedException(entrant.title() + ": not done within " + limitSeconds + " s");
        }
        List<String> lines;
        try {
            lines = output.get();
        } catch (ExecutionException e) {
            throw new ContenderFailedException(entrant.title() + ": its output could not be read: " + e.getCause(), e);
        }
        for (String line : lines) {
            if (line.startsWith(Measurement.PREFIX) && process.exitValue() == 0) {
                return Measurement.parse(line);
            }
        }
        throw new ContenderFailedException(
                entrant.title() + ": ended with exit code " + process.exitValue() + ": " + reason(lines));
    }

    private static List<String> lines(Process process) throws IOException {
        List<String> kept = new ArrayList<>();
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(line -> {
                if (kept.size() < LINES_KEPT || line.startsWith(Measurement.PREFIX)) {
                    kept.add(line);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return kept;
    }

    private static String reason(List<String> lines) {
        return lines.stream()
                .filter(line -> FAILURE.matcher(line).find())
                .findFirst()
                .or(() -> lines.stream().filter(line -> !line.isBlank()).findFirst())
                .orElse("it said nothing");
    }
}
