package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

class ConcurrentTablesTest {
    private static final int WRITERS = 4;

    @Test
    void shouldKeepEveryLeafWhenWritersOfNeighbouringPagesMakeTheSameTables() throws Exception {
        PageTable table = new PageTable();
        CyclicBarrier together = new CyclicBarrier(WRITERS);
        int regions = 200;
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                long page = writer;
                writers.add(threads.submit(() -> {
                    together.await();
                    for (long region = 0; region < regions; region++) {
                        table.set((region << 30) + (page << 12), PageSize.SIZE_4K,
                                Entry.of(region * WRITERS + page, PageSize.SIZE_4K, 0));
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        assertThat(table.presentPages(0, 1L << 48)).isEqualTo((long) regions * WRITERS);
        for (long region = 0; region < regions; region++) {
            for (long page = 0; page < WRITERS; page++) {
                assertThat(Entry.frame(table.walk((region << 30) + (page << 12)))).isEqualTo(region * WRITERS + page);
            }
        }
    }
}
