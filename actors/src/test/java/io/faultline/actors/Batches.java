package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.ring.PageBatch;
import io.faultline.userfault.FaultKind;

/** Short words for batches. */
final class Batches {
    private Batches() {}

    /** Missing pages of memslot 0, each in its first attempt. */
    static PageBatch missing(long... pages) {
        PageBatch batch = new PageBatch(0, pages.length);
        for (long page : pages) {
            batch.add(page, 1, FaultKind.MISSING, false, false, 0);
        }
        return batch;
    }

    static List<Long> pages(PageBatch batch) {
        List<Long> pages = new ArrayList<>();
        for (int index = 0; index < batch.count(); index++) {
            pages.add(batch.page(index));
        }
        return pages;
    }
}
