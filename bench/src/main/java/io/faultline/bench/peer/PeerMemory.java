package io.faultline.bench.peer;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import io.faultline.machine.PageContents;
import io.faultline.memory.FrameContents;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.source.ReadResult;
import io.faultline.verify.PageCounters;
import io.faultline.verify.VerificationTally;
import io.faultline.verify.Verifier;

/**
 * The hand-written peers' guest memory: a flat table from page to frame instead of page tables, frames from a counter
 * instead of a pool, no TLB. Contents, source and verification are those of the machine. Thread-safe.
 */
final class PeerMemory implements AutoCloseable {
    private static final long SEED = 1;

    /** Frame plus one by page; 0 where nothing is present. */
    private final AtomicLongArray table;
    private final AtomicLong nextFrame = new AtomicLong();
    private final PageSource source = PageSources.synthetic(SEED);
    private final FramePool frames;
    private final FrameContents contents;
    private final Verifier verifier;
    private final Semaphore inFlight;
    private final Queue<PageBuffer> idleBuffers = new ConcurrentLinkedQueue<>();

    PeerMemory(JobShape shape) {
        table = new AtomicLongArray(Math.toIntExact(shape.pages()));
        frames = shape.contents() == PageContents.TOKENS
                ? FramePool.tokens(shape.pages())
                : FramePool.bytes(shape.pages());
        contents = frames.contents();
        verifier = new Verifier(source, contents, new PageCounters(shape.pages()));
        inFlight = new Semaphore(shape.inFlight());
    }

    boolean isPresent(long page) {
        return table.getAcquire((int) page) != 0;
    }

    /** Reads a page that is present, and verifies all of it. */
    void read(long page, VerificationTally tally) {
        verifier.read(page, table.getAcquire((int) page) - 1, true, tally);
    }

    /** Gets a page from the source and makes it present; waits while as many as may be are in flight. */
    void fetch(long page) {
        inFlight.acquireUninterruptibly();
        try {
            PageBuffer buffer = takeBuffer();
            ReadResult result = source.read(page, buffer);
            if (!result.isOk()) {
                throw new IllegalStateException("page " + page + ": " + result);
            }
            long frame = nextFrame.getAndIncrement();
            contents.copyIn(frame, buffer, 0, 1);
            idleBuffers.add(buffer);
            table.setRelease((int) page, frame + 1);
        } finally {
            inFlight.release();
        }
    }

    private PageBuffer takeBuffer() {
        PageBuffer idle = idleBuffers.poll();
        if (idle != null) {
            return idle;
        }
        return contents.isTokens() ? PageBuffer.tokens(PageSize.SIZE_4K, 1) : PageBuffer.bytes(PageSize.SIZE_4K, 1);
    }

    @Override
    public void close() {
        frames.close();
        source.close();
    }
}
