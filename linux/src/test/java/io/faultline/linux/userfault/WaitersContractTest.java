package io.faultline.linux.userfault;

import static io.faultline.linux.userfault.PortContract.PAGE;
import static io.faultline.linux.userfault.PortContract.same;
import static io.faultline.userfault.UserfaultModes.COPY_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.COPY_WP;
import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;

import java.util.concurrent.TimeUnit;

import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.memory.Errno;
import io.faultline.userfault.UserfaultMessages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract where somebody waits: the same messages and the same wake-ups on the simulated and on the real port. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class WaitersContractTest {
    private static final boolean ANON = false;
    private static final boolean SHARED = true;

    @Test
    void shouldReportAndWakeMissingFaultsTheSame() {
        same(c -> {
            long start = c.registered(ANON, 4, REGISTER_MISSING | REGISTER_WP);
            TestedKernel.Access read = c.kernel.access(c.port, start + PAGE, false);
            TestedKernel.Access write = c.kernel.access(c.port, start + 2 * PAGE + 16, true);
            c.messages(2, start);
            c.note("nothing more", c.port.read(new UserfaultMessages(4)));
            c.copy(start + PAGE, 1, COPY_DONTWAKE);
            c.note("wake", c.port.wake(start + PAGE, PAGE));
            c.note("read", read.await());
            c.note("zeropage", c.port.zeropage(start + 2 * PAGE, PAGE, 0));
            c.note("write", write.await());
            c.note("wake nobody", c.port.wake(start, 4 * PAGE));
            c.note("wake unmapped", c.port.wake(1L << 20, PAGE));
            c.note("wake unaligned", c.port.wake(start + 1, PAGE));
            c.note("wake nothing", c.port.wake(start, 0));
        });
    }

    @Test
    void shouldReportAndWakeWriteProtectFaultsTheSame() {
        same(c -> {
            long start = c.registered(ANON, 2, REGISTER_MISSING | REGISTER_WP);
            c.copy(start, 1, COPY_WP);
            TestedKernel.Access read = c.kernel.access(c.port, start, false);
            c.note("read", read.await());
            TestedKernel.Access write = c.kernel.access(c.port, start, true);
            c.messages(1, start);
            c.copy(start, 1, 0);
            c.wp(start, 1, WRITEPROTECT_DONTWAKE);
            c.note("wake", c.port.wake(start, PAGE));
            c.note("write", write.await());
            c.note("state", c.kernel.state(start));
        });
    }

    @Test
    void shouldReportAndWakeMinorFaultsTheSame() {
        same(c -> {
            long start = c.registered(SHARED, 2, REGISTER_MISSING | REGISTER_MINOR);
            c.kernel.poke(c.kernel.alias(start), 90);
            TestedKernel.Access minor = c.kernel.access(c.port, start, true);
            TestedKernel.Access missing = c.kernel.access(c.port, start + PAGE, false);
            c.messages(2, start);
            c.note("continue", c.port.continueMapping(start, PAGE, 0));
            c.note("minor", minor.await());
            c.copy(start + PAGE, 1, 0);
            c.note("missing", missing.await());
            c.note("state", c.kernel.state(start));
        });
    }

    @Test
    void shouldFailAWaiterOfAPoisonedPageTheSame() {
        same(c -> {
            long start = c.registered(ANON, 1, REGISTER_MISSING);
            TestedKernel.Access read = c.kernel.access(c.port, start, false);
            c.messages(1, start);
            c.note("poison", c.port.poison(start, PAGE, 0));
            c.note("permitted", read.await());
        });
    }

    @Test
    void shouldRefuseInstallsWhileAnEventIsUnreadTheSame() {
        same(c -> {
            long start = c.registered(ANON, 4, REGISTER_MISSING | REGISTER_WP);
            long source = c.kernel.map(ANON, 1);
            c.copy(start, 2, 0);
            TestedKernel.Access discard = c.kernel.discard(c.port, start, PAGE);
            untilChanging(c, start + 2 * PAGE);
            c.note("copy", c.port.copy(start + 2 * PAGE, TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("zeropage", c.port.zeropage(start + 2 * PAGE, PAGE, 0));
            c.note("poison", c.port.poison(start + 2 * PAGE, PAGE, 0));
            c.note("continue", c.port.continueMapping(start + 2 * PAGE, PAGE, 0));
            c.note("move", c.port.move(start + 2 * PAGE, source, PAGE, 0));
            c.note("protect", c.port.writeProtect(start, PAGE, WRITEPROTECT_WP));
            c.note("malformed", c.port.copy(start + 1, TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("wake", c.port.wake(start, PAGE));
            c.messages(1, start);
            c.note("discard", discard.await());
            c.copy(start, 1, 0);
            c.states(start, 4);
        });
    }

    /** The discarding thread needs a moment to come as far as its event; CONTINUE on anonymous memory changes nothing. */
    private static void untilChanging(PortContract c, long address) {
        while (c.port.continueMapping(address, PAGE, 0).errno() != Errno.EAGAIN) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldLetWaitersReadZerosWhenClosedTheSame() {
        same(c -> {
            long start = c.registered(ANON, 1, REGISTER_MISSING);
            TestedKernel.Access read = c.kernel.access(c.port, start, false);
            c.messages(1, start);
            c.port.close();
            c.note("read", read.await());
            c.note("word", c.kernel.peek(start));
        });
    }
}
