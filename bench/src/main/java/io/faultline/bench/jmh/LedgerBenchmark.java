package io.faultline.bench.jmh;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;

import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.ring.FaultCounters;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageBatch;
import io.faultline.userfault.UserfaultMessages;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a memslot's ledger takes for a fault: to take it up from the port's messages, and to be done with its page. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LedgerBenchmark {
    private static final int FAULTS = 256;
    private static final int PAGES = 1 << 14;
    private static final long START = 1L << 40;
    /** Spreads the faults over the memslot; odd, so that no two are on one page. */
    private static final int STRIDE = 61;

    /** Faults on each page: with four, three of them only join the first. */
    @Param({"1", "4"})
    private int sharing;

    private UserfaultMessages messages;
    private MemslotLedger ledger;

    /** Writes the messages once; taking them up does not change them. */
    @Setup
    public void raise() {
        messages = new UserfaultMessages(FAULTS);
        for (int fault = 0; fault < FAULTS; fault++) {
            long page = (long) (fault / sharing) * STRIDE;
            messages.addFault(START + (page << PageSize.BASE_SHIFT), 0, fault, fault);
        }
        MemslotPages pages = new MemslotPages(0, 0, PAGES, START, PageSize.SIZE_4K);
        ledger = new MemslotLedger(pages, new PageTable(), new BitSet(), new FaultCounters(), 0, 0);
    }

    /** A batch of faults on absent pages; the figure is for one of them. */
    @Benchmark
    @OperationsPerInvocation(FAULTS)
    public PageBatch takeUpAndFinish() {
        PageBatch batch = ledger.takeUp(messages, page -> {
            throw new IllegalStateException("page " + page + " was present");
        });
        if (batch == null || batch.count() != FAULTS / sharing) {
            throw new IllegalStateException("the ledger took up " + batch);
        }
        for (int index = 0; index < batch.count(); index++) {
            ledger.finish(batch.page(index));
        }
        return batch;
    }
}
