package io.faultline.bench.jmh;

import java.util.concurrent.TimeUnit;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.tlb.Tlb;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What an access costs that needs no fault: by a TLB hit, or by a miss and a walk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TlbBenchmark {
    private static final int ASID = 1;
    private static final int TLB_ENTRIES = 64;
    /** Fit into the TLB with room to spare, so that no set overflows. */
    private static final int HIT_PAGES = 16;
    /** 64 MiB: no page is still in the TLB when its turn comes again, and the tables are in the cache. */
    private static final int WALK_PAGES = 1 << 14;

    private Tlb tlb;
    private PageTable table;
    private int page;

    /** Maps the pages, and enters the first ones. */
    @Setup
    public void map() {
        tlb = new Tlb(TLB_ENTRIES);
        table = new PageTable();
        for (int mapped = 0; mapped < WALK_PAGES; mapped++) {
            long entry = Entry.of(mapped, PageSize.SIZE_4K, Entry.WRITABLE | Entry.ACCESSED);
            table.set(address(mapped), PageSize.SIZE_4K, entry);
        }
        for (int held = 0; held < HIT_PAGES; held++) {
            tlb.fill(ASID, address(held), table.walk(address(held)));
        }
    }

    /** A translation that the TLB holds. */
    @Benchmark
    public long hit() {
        page = (page + 1) % HIT_PAGES;
        return tlb.lookup(ASID, address(page), false);
    }

    /** A translation that it does not hold: lookup, walk, entry in place of another. */
    @Benchmark
    public long missWithWalk() {
        page = (page + 1) % WALK_PAGES;
        long address = address(page);
        long held = tlb.lookup(ASID, address, false);
        if (held != Tlb.MISS) {
            return held;
        }
        tlb.fill(ASID, address, table.walkAndMark(address, false));
        return tlb.lookup(ASID, address, false);
    }

    private static long address(int page) {
        return (long) page << PageSize.BASE_SHIFT;
    }
}
