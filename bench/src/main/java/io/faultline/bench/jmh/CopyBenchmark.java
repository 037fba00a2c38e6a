package io.faultline.bench.jmh;

import java.util.concurrent.TimeUnit;

import io.faultline.machine.PageContents;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultModes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an UFFDIO_COPY of one page into the table costs: a frame, its contents, the entry. Into memory that holds nothing
 * yet, so each invocation has an address space of its own, made beforehand, and fills all of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 20)
@Measurement(iterations = 20)
@Fork(2)
public class CopyBenchmark {
    private static final int PAGES = 1 << 15;
    private static final long START = 1L << 40;

    /** With bytes the kernel zeroes each frame when it is first touched, and that is in the figure. */
    @Param({"TOKENS", "BYTES"})
    private PageContents contents;

    private FramePool frames;
    private PageBuffer page;
    private SimulatedUserfaultPort port;

    /** Maps and registers empty memory. */
    @Setup(Level.Invocation)
    public void register() {
        boolean tokens = contents == PageContents.TOKENS;
        frames = tokens ? FramePool.tokens(PAGES) : FramePool.bytes(PAGES);
        page = tokens ? PageBuffer.tokens(PageSize.SIZE_4K, 1) : PageBuffer.bytes(PageSize.SIZE_4K, 1);
        AddressSpace space = new AddressSpace(1, frames);
        long bytes = PAGES * PageSize.BASE_BYTES;
        Errno mapped = space.mmap(START, bytes, MemoryObject.anon(PageSize.SIZE_4K, bytes), 0,
                AddressSpace.PROT_READ | AddressSpace.PROT_WRITE, false);
        port = new SimulatedUserfaultPort(1, space, UserfaultFeatures.PAGEFAULT_FLAG_WP,
                (waiter, address, write, raisedNanos) -> {
                });
        if (mapped != Errno.OK || !port.register(START, bytes, UserfaultModes.REGISTER_MISSING).isOk()) {
            throw new IllegalStateException("no memory to copy into: mmap answers " + mapped);
        }
    }

    /** Gives the frames back. */
    @TearDown(Level.Invocation)
    public void close() {
        port.close();
        frames.close();
    }

    /** Page after page. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public long copy() {
        long copied = 0;
        for (int index = 0; index < PAGES; index++) {
            copied += port.copy(START + ((long) index << PageSize.BASE_SHIFT), page, 0, PageSize.BASE_BYTES,
                    UserfaultModes.COPY_DONTWAKE).bytesDone();
        }
        if (copied != PAGES * PageSize.BASE_BYTES) {
            throw new IllegalStateException("copied " + copied + " bytes");
        }
        return copied;
    }
}
