package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

class PendingInterruptsTest {
    private final PendingInterrupts pending = new PendingInterrupts(3);

    private static FlushCommand command(long ticket) {
        return FlushCommand.full(0, ticket, 1, 2, false);
    }

    @Test
    void shouldNeedOneInterruptForAllThatIsAskedBeforeTheCpuLooks() {
        assertThat(pending.add(1, command(1))).isTrue();
        assertThat(pending.add(1, command(2))).isFalse();
        assertThat(pending.add(2, command(2))).as("another CPU").isTrue();

        var taken = pending.take(1);
        assertThat(taken.count()).isEqualTo(2);
        assertThat(taken.command(0).ticket()).isEqualTo(1);
        assertThat(taken.command(1).ticket()).isEqualTo(2);
        assertThat(pending.add(1, command(3))).as("after it has looked").isTrue();
    }

    @Test
    void shouldShareWhatCpusAreAskedAlike() {
        for (long ticket = 1; ticket <= 4; ticket++) {
            var command = command(ticket);
            for (int cpu = 0; cpu < 3; cpu++) {
                pending.add(cpu, command);
            }
        }

        var first = pending.take(0);
        assertThat(first.count()).isEqualTo(4);
        assertThat(pending.take(1)).isSameAs(first);
        assertThat(pending.take(2)).isSameAs(first);
    }

    @Test
    void shouldKeepApartWhatCpusAreAskedDifferently() {
        var first = command(1);
        var second = command(2);
        pending.add(0, first);
        pending.add(1, first);
        pending.add(1, second);
        pending.add(0, command(3));
        pending.add(2, second);

        assertThat(pending.take(0).command(1).ticket()).isEqualTo(3);
        assertThat(pending.take(1).command(1)).isSameAs(second);
        assertThat(pending.take(2).command(0)).isSameAs(second);
    }

    @Test
    void shouldRefuseAnInterruptThatNobodyWasToSend() {
        assertThatThrownBy(() -> pending.take(2)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CPU 2");
    }

    /** One thread asks, one is the CPU: every command is seen once, in order, by exactly as many interrupts as were due. */
    @Test
    void shouldLoseNoCommandToACpuThatTakesMeanwhile() throws InterruptedException {
        var doorbell = new SynchronousQueue<Boolean>();
        var inOrder = new AtomicBoolean(true);
        var cpu = Thread.ofPlatform().start(() -> {
            long next = 1;
            try {
                while (doorbell.take()) {
                    var commands = pending.take(0);
                    for (int each = 0; each < commands.count(); each++) {
                        if (commands.command(each).ticket() != next++) {
                            inOrder.set(false);
                        }
                    }
                }
            } catch (InterruptedException e) {
                inOrder.set(false);
            }
            if (next != 20_001) {
                inOrder.set(false);
            }
        });
        for (long ticket = 1; ticket <= 20_000; ticket++) {
            if (pending.add(0, command(ticket))) {
                doorbell.put(true);
            }
        }
        doorbell.put(false);
        cpu.join();

        assertThat(inOrder).isTrue();
    }
}
