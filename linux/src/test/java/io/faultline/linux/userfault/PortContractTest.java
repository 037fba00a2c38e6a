package io.faultline.linux.userfault;

import static io.faultline.linux.userfault.PortContract.PAGE;
import static io.faultline.linux.userfault.PortContract.same;
import static io.faultline.userfault.UserfaultModes.COPY_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.COPY_WP;
import static io.faultline.userfault.UserfaultModes.MOVE_ALLOW_SRC_HOLES;
import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;

import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same steps on the simulated and on the real port must answer the same. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
class PortContractTest {
    private static final boolean ANON = false;
    private static final boolean SHARED = true;

    @Test
    void shouldMakeTheSameHandshake() {
        same(c -> {
            UserfaultPort raw = c.kernel.newRawPort();
            long start = c.kernel.map(ANON, 1);
            c.note("before", raw.register(start, PAGE, REGISTER_MISSING));
            c.note("before", raw.copy(start, TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("before", raw.wake(start, PAGE));
            c.note("before", raw.read(new UserfaultMessages(1)));
            c.note("version", raw.api(0xAB, 0));
            c.note("feature", raw.api(0xAA, 1L << 63));
            c.note("feature", raw.api(0xAA, 1L << 17));
            c.note("api", raw.api(0xAA, 0));
            c.note("again", raw.api(0xAA, 0));
            c.note("after", raw.register(start, PAGE, REGISTER_MISSING));
            raw.close();
            c.note("closed", raw.wake(start, PAGE));
            c.note("closed", raw.read(new UserfaultMessages(1)));
            c.note("closed", raw.api(0xAA, 0));
        });
    }

    @Test
    void shouldRegisterTheSame() {
        same(c -> {
            for (int modes = 0; modes <= 8; modes++) {
                c.note("anon " + modes, c.port.register(c.kernel.map(ANON, 2), 2 * PAGE, modes));
                c.note("shared " + modes, c.port.register(c.kernel.map(SHARED, 2), 2 * PAGE, modes));
            }
            long start = c.kernel.map(ANON, 4);
            c.note("unaligned", c.port.register(start + 1, PAGE, REGISTER_MISSING));
            c.note("unaligned", c.port.register(start, PAGE + 1, REGISTER_MISSING));
            c.note("empty", c.port.register(start, 0, REGISTER_MISSING));
            c.note("beyond", c.port.register(1L << 62, PAGE, REGISTER_MISSING));
            c.note("unmapped", c.port.register(1L << 20, PAGE, REGISTER_MISSING));
            c.note("part", c.port.register(start + PAGE, PAGE, REGISTER_MISSING));
            c.note("again", c.port.register(start, 4 * PAGE, REGISTER_MISSING | REGISTER_WP));
            c.note("fewer", c.port.register(start, 4 * PAGE, REGISTER_MISSING));
            c.note("still WP", c.port.writeProtect(start, PAGE, WRITEPROTECT_WP));
            UserfaultPort other = c.kernel.newPort();
            c.note("foreign", other.register(start, PAGE, REGISTER_MISSING));
            c.note("foreign", other.unregister(start, PAGE));
            c.note("copy through another", other.copy(start, TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("unregister", c.port.unregister(start, 4 * PAGE));
            c.note("unregister again", c.port.unregister(start, 4 * PAGE));
            c.note("unregister nothing", c.port.unregister(1L << 20, PAGE));
            c.note("unregister empty", c.port.unregister(start, 0));
            c.note("unregister unaligned", c.port.unregister(start + 8, PAGE));
            c.note("foreign now", other.register(start, PAGE, REGISTER_MISSING));
        });
    }

    @Test
    void shouldCopyTheSame() {
        same(c -> {
            long start = c.registered(ANON, 8, REGISTER_MISSING);
            c.copy(start, 1, 0);
            c.copy(start, 1, 0);
            c.copy(start + 3 * PAGE, 1, COPY_DONTWAKE);
            c.copy(start + PAGE, 4, 0);
            c.states(start, 8);
            c.copy(start + 4 * PAGE, 5, 0);
            c.note("unaligned", c.port.copy(start + 8, TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("length", c.port.copy(start, TestedKernel.numbered(1), 0, PAGE - 8, 0));
            c.note("empty", c.port.copy(start, TestedKernel.numbered(1), 0, 0, 0));
            c.note("negative", c.port.copy(start, TestedKernel.numbered(1), 0, -PAGE, 0));
            c.note("mode", c.port.copy(start, TestedKernel.numbered(1), 0, PAGE, 4));
            c.note("not WP", c.port.copy(start + 5 * PAGE, TestedKernel.numbered(1), 0, PAGE, COPY_WP));
            c.note("unregistered", c.port.copy(c.kernel.map(ANON, 1), TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("unmapped", c.port.copy(1L << 20, TestedKernel.numbered(1), 0, PAGE, 0));
            c.note("source unaligned", c.port.copy(start + 5 * PAGE, TestedKernel.numbered(3), 256, PAGE, 0));
            c.note("behind the source", c.port.copy(start + 6 * PAGE, TestedKernel.numbered(1), PAGE, PAGE, 0));
            c.note("before the source", c.port.copy(start + 6 * PAGE, TestedKernel.numbered(1), -PAGE, PAGE, 0));
            c.note("half behind", c.port.copy(start + 6 * PAGE, TestedKernel.numbered(1), 0, 2 * PAGE, 0));
            c.note("half a page", c.port.copy(start + 7 * PAGE, TestedKernel.numbered(1), 8, PAGE, 0));
            c.note("all past the end, unregistered",
                    c.port.copy(c.kernel.map(ANON, 1), TestedKernel.numbered(1), PAGE, PAGE, 0));
            c.states(start, 8);
        });
    }

    @Test
    void shouldFillWithZerosTheSame() {
        same(c -> {
            long start = c.registered(ANON, 4, REGISTER_MISSING);
            c.note("zeropage", c.port.zeropage(start + PAGE, PAGE, 0));
            c.note("again", c.port.zeropage(start + PAGE, PAGE, 0));
            c.note("partial", c.port.zeropage(start, 4 * PAGE, 0));
            c.note("over the end", c.port.zeropage(start + 3 * PAGE, 2 * PAGE, 0));
            c.note("mode", c.port.zeropage(start, PAGE, 2));
            c.note("unaligned", c.port.zeropage(start + 1, PAGE, 0));
            c.copy(start + PAGE, 1, 0);
            c.states(start, 4);
            long shared = c.registered(SHARED, 2, REGISTER_MISSING);
            c.note("shared", c.port.zeropage(shared, 2 * PAGE, 0));
            c.states(shared, 2);
        });
    }

    @Test
    void shouldPoisonTheSame() {
        same(c -> {
            long start = c.registered(ANON, 4, REGISTER_MISSING);
            c.note("poison", c.port.poison(start, 2 * PAGE, 0));
            c.note("again", c.port.poison(start, PAGE, 0));
            c.note("zeropage over it", c.port.zeropage(start, PAGE, 0));
            c.states(start, 4);
            c.note("touched", c.kernel.access(c.port, start, false).await());
            c.copy(start, 1, 0);
            c.note("partial", c.port.poison(start + PAGE, 3 * PAGE, 0));
            c.copy(start + 3 * PAGE, 1, 0);
            c.note("partial", c.port.poison(start + 2 * PAGE, 2 * PAGE, 0));
            c.note("unregistered", c.port.poison(c.kernel.map(ANON, 1), PAGE, 0));
            c.note("mode", c.port.poison(start, PAGE, 2));
            c.states(start, 4);
        });
    }

    @Test
    void shouldWriteProtectTheSame() {
        same(c -> {
            long start = c.registered(ANON, 4, REGISTER_MISSING | REGISTER_WP);
            c.copy(start, 1, 0);
            c.copy(start + PAGE, 1, COPY_WP);
            c.wp(start, 4, WRITEPROTECT_WP);
            c.states(start, 4);
            c.note("zeropage over a marker", c.port.zeropage(start + 2 * PAGE, PAGE, 0));
            c.note("poison over a marker", c.port.poison(start + 2 * PAGE, PAGE, 0));
            c.copy(start + 2 * PAGE, 1, 0);
            c.states(start, 4);
            c.wp(start, 4, 0);
            c.states(start, 4);
            c.wp(start, 1, WRITEPROTECT_WP | WRITEPROTECT_DONTWAKE);
            c.wp(start, 1, 4);
            c.wp(start + 1, 1, 0);
            c.wp(start, 0, 0);
            c.wp(c.registered(ANON, 1, REGISTER_MISSING), 1, WRITEPROTECT_WP);
            c.wp(c.kernel.map(ANON, 1), 1, WRITEPROTECT_WP);
            c.wp(1L << 20, 1, WRITEPROTECT_WP);
            long shared = c.registered(SHARED, 2, REGISTER_MISSING | REGISTER_WP);
            c.wp(shared, 2, WRITEPROTECT_WP);
            c.states(shared, 2);
            c.copy(shared, 1, COPY_WP);
            c.states(shared, 2);
            c.note("unregister", c.port.unregister(shared, 2 * PAGE));
            c.states(shared, 2);
        });
    }

    @Test
    void shouldContinueTheSame() {
        same(c -> {
            long start = c.registered(SHARED, 4, REGISTER_MISSING | REGISTER_MINOR | REGISTER_WP);
            long alias = c.kernel.alias(start);
            c.kernel.poke(alias, 71);
            c.kernel.poke(alias + PAGE, 72);
            c.copy(start, 1, 0);
            c.note("continue", c.port.continueMapping(start, PAGE, 0));
            c.note("again", c.port.continueMapping(start, PAGE, 0));
            c.note("absent", c.port.continueMapping(start + 2 * PAGE, PAGE, 0));
            c.note("partial", c.port.continueMapping(start + PAGE, 2 * PAGE, 2));
            c.states(start, 4);
            c.note("mode", c.port.continueMapping(start, PAGE, 4));
            c.note("anon", c.port.continueMapping(c.registered(ANON, 1, REGISTER_MISSING), PAGE, 0));
            c.note("unregistered", c.port.continueMapping(alias, PAGE, 0));
            long plain = c.registered(SHARED, 1, REGISTER_MINOR);
            c.kernel.poke(c.kernel.alias(plain), 73);
            c.note("not WP", c.port.continueMapping(plain, PAGE, 2));
        });
    }

    @Test
    void shouldMoveTheSame() {
        same(c -> {
            long start = c.registered(ANON, 8, REGISTER_MISSING | REGISTER_WP);
            long source = c.kernel.map(ANON, 8);
            for (int page : new int[]{0, 1, 2, 5, 6}) {
                c.kernel.poke(source + page * PAGE, 80 + page);
            }
            c.note("move", c.port.move(start, source, PAGE, 0));
            c.states(start, 2);
            c.note("present", c.port.move(start, source + PAGE, PAGE, 0));
            c.note("hole", c.port.move(start + PAGE, source, PAGE, 0));
            c.note("allowed hole", c.port.move(start + PAGE, source, PAGE, MOVE_ALLOW_SRC_HOLES));
            c.note("partial", c.port.move(start + PAGE, source + PAGE, 4 * PAGE, 0));
            c.note("registered source", c.port.move(start + 6 * PAGE, start + PAGE, PAGE, 0));
            c.wp(start + 7 * PAGE, 1, WRITEPROTECT_WP);
            c.note("marker", c.port.move(start + 7 * PAGE, source + 5 * PAGE, PAGE, 0));
            c.note("unaligned", c.port.move(start + 1, source, PAGE, 0));
            c.note("unaligned", c.port.move(start, source + 1, PAGE, 0));
            c.note("mode", c.port.move(start, source, PAGE, 4));
            c.note("destination unregistered", c.port.move(source, start, PAGE, 0));
            c.note("source unmapped", c.port.move(start + 4 * PAGE, 1L << 20, PAGE, 0));
            c.note("destination unmapped", c.port.move(1L << 20, source, PAGE, 0));
            c.note("shared", c.port.move(c.registered(SHARED, 1, REGISTER_MISSING), source + 5 * PAGE, PAGE, 0));
            UserfaultPort other = c.kernel.newPort();
            c.note("foreign", other.move(start + 4 * PAGE, source + 5 * PAGE, PAGE, 0));
            c.states(start, 8);
            c.states(source, 8);
        });
    }
}
