package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Which threads came after it was made, and whether they end. */
public final class ThreadWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();

    /** {@return the names of the threads that came since} */
    public List<String> newNames() {
        return newOnes().stream().map(Thread::getName).toList();
    }

    /** Waits for the end of those whose name contains the word, and fails when one stays. */
    public void assertAllEnd(String word) throws InterruptedException {
        for (var thread : newOnes()) {
            if (thread.getName().contains(word)) {
                assertThat(thread.join(PATIENCE)).as("thread %s has ended", thread.getName()).isTrue();
            }
        }
    }

    private List<Thread> newOnes() {
        return Thread.getAllStackTraces()
                .keySet()
                .stream()
                .filter(thread -> !before.contains(thread))
                .toList();
    }
}
