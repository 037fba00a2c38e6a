package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class ThreadsSystemTest {
    /** Completes with the name of the thread it runs on, and stops. */
    private static Behavior<Void> naming(CompletableFuture<String> name) {
        return Behaviors.setup(_ -> {
            name.complete(Thread.currentThread().getName());
            return Behaviors.stopped();
        });
    }

    @Test
    void shouldLeaveNoThreadBehind() throws Exception {
        var watch = new ThreadWatch();
        var read = new CompletableFuture<String>();
        var delivered = new CompletableFuture<String>();
        try (var system = ThreadsSystem.<String>boot("leaving", 1, world -> Behaviors.setup(context -> {
            world.blockingReads().execute(() -> read.complete(Thread.currentThread().getName()));
            world.deliverAfter(1_000, context.getSelf(), "later");
            return Behaviors.receiveMessage(message -> {
                delivered.complete(message);
                return Behaviors.same();
            });
        }))) {
            assertThat(read.get(20, TimeUnit.SECONDS)).startsWith("faultline-read-");
            assertThat(delivered.get(20, TimeUnit.SECONDS)).isEqualTo("later");
            assertThat(watch.newNames()).anyMatch(name -> name.startsWith("faultline-timer-"));
            assertThat(system.context().isVirtual()).isFalse();
        }

        watch.assertAllEnd("leaving");
        watch.assertAllEnd("faultline-");
        assertThat(watch.newNames()).noneMatch(name -> name.contains("leaving") || name.contains("faultline-"));
    }

    @Test
    void shouldRunEverythingOnOnePoolInAnOwnedSystem() throws Exception {
        var own = new CompletableFuture<String>();
        var other = new CompletableFuture<String>();
        try (var _ = ThreadsSystem.<Void>boot("one-pool", 1, world -> Behaviors.setup(context -> {
            context.spawn(naming(own), "own", world.dispatcher());
            context.spawn(naming(other), "other");
            return Behaviors.empty();
        }))) {
            assertThat(own.get(20, TimeUnit.SECONDS)).contains("default-dispatcher");
            assertThat(other.get(20, TimeUnit.SECONDS)).contains("default-dispatcher");
        }
    }

    /** Read beside our own classes: the class path has Pekko's reference.conf too. */
    @Test
    void shouldSetOnlyItsOwnNamespaceInTheReferenceConfiguration() throws Exception {
        var classes = Path.of(WorldContexts.class.getProtectionDomain().getCodeSource().getLocation().toURI());

        var ours = ConfigFactory.parseFile(classes.resolve("reference.conf").toFile());

        assertThat(ours.root().keySet()).containsExactly("faultline");
    }

    @Test
    void shouldServeActorsInACallersSystemAndStopItsThreads() throws Exception {
        var watch = new ThreadWatch();
        var config = ConfigFactory.parseString("pekko.loglevel = WARNING\npekko.jvm-shutdown-hooks = off")
                .withFallback(ConfigFactory.load());
        var name = new CompletableFuture<String>();
        var system = ActorSystem.create(
                Behaviors.<Behavior<Void>>receive((context, behavior) -> {
                    context.spawn(behavior, "machine", DispatcherSelector.fromConfig(WorldConfig.DISPATCHER));
                    return Behaviors.same();
                }),
                "callers",
                config);
        try {
            var context = WorldContexts.onThreads(system, 1);
            system.tell(naming(name));
            assertThat(name.get(20, TimeUnit.SECONDS)).contains("faultline.dispatcher");
            context.close();
            watch.assertAllEnd("faultline");
            assertThat(watch.newNames()).noneMatch(thread -> thread.contains("faultline"));
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldSayWhatIsMissingInACallersConfiguration() throws Exception {
        // As in a fat jar that kept only one of the reference.conf files.
        var config = ConfigFactory.parseString("faultline = null").withFallback(ConfigFactory.load());
        var system = ActorSystem.create(Behaviors.empty(), "bare", config);
        try {
            assertThatThrownBy(() -> WorldContexts.onThreads(system, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("bare")
                    .hasMessageContaining("faultline.dispatcher");
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
