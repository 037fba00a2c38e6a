package io.faultline.flush;

import java.util.HashMap;
import java.util.Map;

/** How often each page changes: counted up in a run, counted down in its repetition. Not thread-safe. */
final class PageChanges {
    /** A range of more pages is not looked at page by page: who holds one of them is asked when it changes. */
    private static final long PAGES_MOST = 1 << 18;

    private final Map<Long, Integer> counts = new HashMap<>();

    /** One more change of each page of the range, or one less to come. */
    void add(FlushRequest request, int change) {
        if (!request.kind().leavesStaleTranslations() || request.pagesPresent() == 0
                || request.strides() > PAGES_MOST) {
            return;
        }
        long first = request.start() >>> request.strideShift();
        for (long page = first; page < first + request.strides(); page++) {
            long key = HeldTranslations.key(request.asid(), page << request.strideShift(),
                    HeldTranslations.sizeIndex(request.strideShift()));
            int left = counts.getOrDefault(key, 0) + change;
            if (left > 0) {
                counts.put(key, left);
            } else {
                counts.remove(key);
            }
        }
    }

    /** Whether a page has changes left that its translation would have to be dropped for. */
    boolean includes(long translation) {
        if (counts.isEmpty()) {
            return false;
        }
        int asid = HeldTranslations.asid(translation);
        long address = HeldTranslations.address(translation);
        for (int size = 0; size < HeldTranslations.SIZES; size++) {
            if (counts.containsKey(HeldTranslations.key(asid, address, size))) {
                return true;
            }
        }
        return false;
    }
}
