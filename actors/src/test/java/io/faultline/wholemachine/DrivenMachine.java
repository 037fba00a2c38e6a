package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.faultline.actors.AccessResult;
import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;

/** An open machine driven in the same way in both worlds: by waiting on threads, by running until idle in virtual time. */
final class DrivenMachine implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final TestWorld world;
    private final long pageBytes;
    private final OpenMachine machine;

    DrivenMachine(TestWorld world, UnaryOperator<MachineSpecBuilder> configure) {
        this.world = world;
        this.pageBytes = world.spec(configure).pageSize().bytes();
        this.machine = world.open(configure);
    }

    OpenMachine machine() {
        return machine;
    }

    CompletableFuture<AccessResult> begin(int vcpu, long page, Access access) {
        CompletableFuture<AccessResult> done = new CompletableFuture<>();
        machine.access(vcpu, page * pageBytes, access, done::complete);
        return done;
    }

    CompletableFuture<Boolean> beginDiscard(long page, long pages) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        machine.discard(page * pageBytes, pages * pageBytes, () -> done.complete(true));
        return done;
    }

    CompletableFuture<Boolean> beginWriteProtect(long page, long pages) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        machine.writeProtect(page * pageBytes, pages * pageBytes, () -> done.complete(true));
        return done;
    }

    /** Waits until it has happened. */
    <T> T settle(CompletableFuture<T> future) {
        if (world == TestWorld.VIRTUAL) {
            machine.runUntilIdle();
            assertThat(future).as("when nothing is left to happen").isDone();
            return future.join();
        }
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    AccessResult read(int vcpu, long page) {
        return settle(begin(vcpu, page, Access.READ));
    }

    AccessResult write(int vcpu, long page) {
        return settle(begin(vcpu, page, Access.WRITE));
    }

    void discard(long page, long pages) {
        settle(beginDiscard(page, pages));
    }

    void writeProtect(long page, long pages) {
        settle(beginWriteProtect(page, pages));
    }

    Report report() {
        return machine.report();
    }

    @Override
    public void close() {
        machine.close();
    }
}
