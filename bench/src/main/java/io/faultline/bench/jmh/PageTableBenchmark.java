package io.faultline.bench.jmh;

import java.util.concurrent.TimeUnit;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.time.SplitMix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a page walk costs, in tables that fit into the caches and in tables that do not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PageTableBenchmark {
    /** 4 MiB of memory with 8 KiB of leaf entries, and 4 GiB with 8 MiB of them. */
    @Param({"1024", "1048576"})
    private int pages;

    private PageTable table;
    private SplitMix random;

    /** Maps the pages. */
    @Setup
    public void map() {
        table = new PageTable();
        random = new SplitMix(1);
        for (int page = 0; page < pages; page++) {
            table.set((long) page << PageSize.BASE_SHIFT, PageSize.SIZE_4K,
                    Entry.of(page, PageSize.SIZE_4K, Entry.WRITABLE | Entry.ACCESSED));
        }
    }

    /** From the root to the leaf of a page drawn at random. */
    @Benchmark
    public long walk() {
        return table.walk((long) random.nextInt(pages) << PageSize.BASE_SHIFT);
    }

    /** The same as the hardware does it, with the accessed bit set before. */
    @Benchmark
    public long walkAndMark() {
        return table.walkAndMark((long) random.nextInt(pages) << PageSize.BASE_SHIFT, false);
    }
}
