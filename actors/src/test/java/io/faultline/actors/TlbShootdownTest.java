package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushCommands;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.flush.StrictPolicy;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shootdown with the strict policy; the test plays two vCPUs, whose CPUs have the address space loaded. */
class TlbShootdownTest {
    private TestRing ring = new TestRing(TestRing.spec().build());
    private ActorRef<TlbShootdown.Command> shootdown = spawn();
    private Recorder<TlbShootdown.Flushed> asker = ring.recorder();

    @AfterEach
    void close() {
        ring.close();
    }

    private ActorRef<TlbShootdown.Command> spawn() {
        for (int cpu = 0; cpu < 2; cpu++) {
            ring.parts.flushDomain().space(MachineParts.GUEST_ASID).cpus().set(cpu);
        }
        return ring.spawn(TlbShootdown.create(ring.parts));
    }

    /** What a memslot asks for once it has changed a page. */
    private TlbShootdown.Flush flush(long firstPage, ActorRef<TlbShootdown.Flushed> replyTo) {
        ring.parts.flushDomain().space(MachineParts.GUEST_ASID).changeBegins();
        FlushRequest change = FlushRequest
                .of(TlbShootdown.UNNUMBERED, MachineParts.GUEST_ASID, ChangeKind.UNMAP, firstPage << 12,
                        (firstPage + 1) << 12)
                .framesFreed(1)
                .build();
        return new TlbShootdown.Flush(change, replyTo);
    }

    /** What the interrupt on its way to a CPU asks of it. */
    private FlushCommands interrupted(int cpu) {
        ring.vcpus.get(cpu).takeOne(VCpu.Interrupt.class);
        return ring.parts.cpus().interrupts().take(cpu);
    }

    private void answer(int cpu, FlushCommands commands) {
        long[] tickets = IntStream.range(0, commands.count())
                .mapToLong(each -> commands.command(each).ticket())
                .toArray();
        ring.tell(shootdown, new TlbShootdown.Answered(cpu, tickets));
    }

    @Test
    void shouldTellTheAskerOnceEachWhenEveryCpuHasAnswered() {
        ring.tell(shootdown, flush(3, asker.ref()));
        FlushCommands first = interrupted(0);
        FlushCommands second = interrupted(1);
        assertThat(first.count()).isEqualTo(1);
        assertThat(second).isSameAs(first);

        answer(0, first);
        asker.wasToldNothing();
        answer(1, second);

        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.COMPLETE, TlbShootdown.Flushed.RELEASED);
    }

    @Test
    void shouldAskForTheRangeThatChanged() {
        ring.tell(shootdown, flush(3, asker.ref()));

        FlushCommand command = interrupted(0).command(0);
        assertThat(command.start()).isEqualTo(3 << 12);
        assertThat(command.end()).isEqualTo(4 << 12);
        assertThat(command.asid()).isEqualTo(MachineParts.GUEST_ASID);
    }

    @Test
    void shouldSendWhatWaitedForAnAnswerToEachCpuInOneInterrupt() {
        ring.tell(shootdown, flush(1, asker.ref()));
        List<Recorder<TlbShootdown.Flushed>> later = List.of(ring.recorder(), ring.recorder(), ring.recorder());
        later.forEach(one -> ring.tell(shootdown, flush(2, one.ref())));
        FlushCommands first = interrupted(0);
        answer(0, first);
        ring.vcpus.get(0).wasToldNothing();

        answer(1, interrupted(1));

        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.COMPLETE, TlbShootdown.Flushed.RELEASED);
        FlushCommands together = interrupted(0);
        assertThat(together.count()).isEqualTo(3);
        assertThat(interrupted(1)).isSameAs(together);
        answer(0, together);
        answer(1, together);
        later.forEach(one -> assertThat(one.take()).containsExactly(TlbShootdown.Flushed.COMPLETE,
                TlbShootdown.Flushed.RELEASED));
        assertThat(ring.parts.flushStatistics().ipiCommands()).isEqualTo(8);
        assertThat(ring.parts.flushStatistics().ipis()).isEqualTo(4);
    }

    @Test
    void shouldAnswerAtOnceWhenNoCpuHasTheSpace() {
        for (int cpu = 0; cpu < 2; cpu++) {
            ring.parts.flushDomain().space(MachineParts.GUEST_ASID).cpus().clear(cpu);
        }
        ring.tell(shootdown, flush(3, asker.ref()));

        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.COMPLETE, TlbShootdown.Flushed.RELEASED);
        ring.vcpus.get(0).wasToldNothing();
    }

    @Test
    void shouldLoseNoRequestOfManyMoreThanItsQueueHolds() {
        int requests = 3 * FlushStream.QUEUE_REQUESTS + 17;
        List<Recorder<TlbShootdown.Flushed>> askers = new ArrayList<>();
        for (int request = 0; request < requests; request++) {
            askers.add(ring.recorder());
        }
        askers.forEach(one -> shootdown.tell(flush(askers.indexOf(one) % 16, one.ref())));
        ring.settle();
        int answered = 0;
        int rounds = 0;
        while (answered < requests) {
            FlushCommands commands = interrupted(0);
            assertThat(commands.count()).as("in hand at once").isLessThan(requests / 2);
            answer(0, commands);
            answer(1, interrupted(1));
            answered += commands.count();
            rounds++;
        }
        assertThat(rounds).as("interrupts for %d requests", requests).isLessThan(requests / 16);
        assertThat(ring.parts.gauges().shootdown.peak()).isLessThanOrEqualTo(FlushStream.QUEUE_REQUESTS);

        for (Recorder<TlbShootdown.Flushed> one : askers) {
            assertThat(one.take()).containsExactly(TlbShootdown.Flushed.COMPLETE, TlbShootdown.Flushed.RELEASED);
        }
    }

    /** Completes at once, broadcasts with each request and releases when a timer comes due and the sync came back. */
    private static final class BroadcastingPolicy implements FlushPolicy {
        private final FlushPolicy strict = new StrictPolicy(StrictPolicy.CEILING_DEFAULT_PAGES);

        @Override
        public String name() {
            return "test-broadcast";
        }

        @Override
        public FlushContract contract() {
            return strict.contract();
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return strict.cpuPart(cpu, domain, port);
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return new Initiator() {
                private final ArrayDeque<FlushRequest> open = new ArrayDeque<>();

                @Override
                public void request(FlushRequest request) {
                    open.add(request);
                    port.complete(request);
                    if (request.start() > 0) {
                        port.broadcast(FlushCommand.of(0, 0, request, 0, 33));
                    }
                    port.setTimer(1_000, request.id());
                }

                @Override
                public void acknowledged(int cpu, long ticket) {
                    throw new IllegalStateException("nobody was asked");
                }

                @Override
                public void timer(long timer) {
                    port.sync(timer);
                }

                @Override
                public void synced(long ticket) {
                    FlushRequest request = open.removeFirst();
                    assertThat(request.id()).isEqualTo(ticket);
                    port.settled(request);
                    port.release(request);
                }

                @Override
                public int unsettled() {
                    return open.size();
                }
            };
        }
    }

    private void restartBroadcasting() {
        ring.close();
        ring = new TestRing(TestRing.spec().flushPolicy(new BroadcastingPolicy()).build());
        shootdown = spawn();
        asker = ring.recorder();
    }

    @Test
    void shouldTellOfASyncWhenEveryCpuHasDroppedWhatWasBroadcast() {
        restartBroadcasting();
        ring.tell(shootdown, flush(3, asker.ref()));
        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.COMPLETE);
        long broadcast = ring.vcpus.get(0).takeOne(VCpu.Invalidate.class).broadcast();
        ring.pass(1_000);
        ring.tell(shootdown, new TlbShootdown.Invalidated(broadcast));
        asker.wasToldNothing();

        ring.tell(shootdown, new TlbShootdown.Invalidated(broadcast));

        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.RELEASED);
    }

    @Test
    void shouldTellOfASyncAtOnceWhenNothingIsOutstanding() {
        restartBroadcasting();
        ring.tell(shootdown, flush(0, asker.ref()));
        asker.take();

        ring.pass(999);
        asker.wasToldNothing();
        ring.pass(1);

        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.RELEASED);
        ring.vcpus.get(0).wasToldNothing();
    }

    @Test
    void shouldTellOfALaterSyncOnlyAfterTheLaterBroadcast() {
        restartBroadcasting();
        Recorder<TlbShootdown.Flushed> later = ring.recorder();
        ring.tell(shootdown, flush(3, asker.ref()));
        ring.tell(shootdown, flush(4, later.ref()));
        List<Long> broadcasts = ring.vcpus.get(1)
                .take(VCpu.Invalidate.class)
                .stream()
                .map(VCpu.Invalidate::broadcast)
                .toList();
        ring.pass(1_000);
        asker.take();
        later.take();
        for (int cpu = 0; cpu < 2; cpu++) {
            ring.tell(shootdown, new TlbShootdown.Invalidated(broadcasts.get(1)));
        }
        asker.wasToldNothing();
        later.wasToldNothing();

        for (int cpu = 0; cpu < 2; cpu++) {
            ring.tell(shootdown, new TlbShootdown.Invalidated(broadcasts.get(0)));
        }

        assertThat(asker.take()).containsExactly(TlbShootdown.Flushed.RELEASED);
        assertThat(later.take()).containsExactly(TlbShootdown.Flushed.RELEASED);
    }
}
