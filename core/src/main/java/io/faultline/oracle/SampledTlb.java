package io.faultline.oracle;

import java.util.Arrays;

import io.faultline.tlb.TlbObserver;

/**
 * Tells of the watched pages of one TLB. Remembers which of them are held, so that a flush of everything takes no look at
 * each entry. Belongs to the CPU, as its TLB does.
 */
final class SampledTlb implements TlbObserver {
    private static final long[] EMPTY = {};

    private final TlbObserver next;
    private final Object lock;
    private final SampledPages pages;

    /** What is held, in no order, as {@link Translations#page} names it. */
    private long[] held = EMPTY;
    private int count;

    SampledTlb(TlbObserver next, Object lock, SampledPages pages) {
        this.next = next;
        this.lock = lock;
        this.pages = pages;
    }

    @Override
    public void filled(int asid, long address, int sizeIndex, long frame, boolean writable) {
        if (!pages.isWatched(address, Translations.shift(sizeIndex))) {
            return;
        }
        if (count == held.length) {
            held = Arrays.copyOf(held, Math.max(2, 2 * count));
        }
        held[count++] = Translations.page(asid, address, sizeIndex);
        synchronized (lock) {
            next.filled(asid, address, sizeIndex, frame, writable);
        }
    }

    @Override
    public void dropped(int asid, long address, int sizeIndex) {
        if (!pages.isWatched(address, Translations.shift(sizeIndex))) {
            return;
        }
        forget(Translations.page(asid, address, sizeIndex));
        synchronized (lock) {
            next.dropped(asid, address, sizeIndex);
        }
    }

    private void forget(long page) {
        for (int index = count - 1; index >= 0; index--) {
            if (held[index] == page) {
                held[index] = held[--count];
                return;
            }
        }
    }

    @Override
    public boolean allDropped() {
        if (count > 0) {
            synchronized (lock) {
                for (int index = 0; index < count; index++) {
                    long page = held[index];
                    next.dropped(Translations.asid(page), Translations.address(page), Translations.sizeIndex(page));
                }
            }
            count = 0;
        }
        return true;
    }
}
