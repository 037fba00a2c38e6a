package io.faultline.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** All mappings of an address space, sorted, without overlaps, neighbours that are alike joined. Immutable. */
final class VmaList {
    static final VmaList EMPTY = new VmaList(new Vma[0]);

    private final Vma[] vmas;

    private VmaList(Vma[] vmas) {
        this.vmas = vmas;
    }

    @Nullable
    Vma at(long address) {
        int index = firstEndingAfter(address);
        return index < vmas.length && vmas[index].start() <= address ? vmas[index] : null;
    }

    /** Returns the mappings that overlap the range, whole. */
    List<Vma> overlapping(long start, long end) {
        return List.of(Arrays.copyOfRange(vmas, firstEndingAfter(start), firstStartingFrom(start, end)));
    }

    List<Vma> all() {
        return List.of(vmas);
    }

    /** Tells whether every byte of the range is mapped. */
    boolean covers(long start, long end) {
        long address = start;
        for (int i = firstEndingAfter(start); address < end; i++) {
            if (i == vmas.length || vmas[i].start() > address) {
                return false;
            }
            address = vmas[i].end();
        }
        return true;
    }

    /** Returns the list with one more mapping, where nothing is mapped. */
    VmaList with(Vma added) {
        int index = firstEndingAfter(added.start());
        assert index == vmas.length || vmas[index].start() >= added.end() : added + " overlaps " + vmas[index];
        return spliced(index, index, List.of(added));
    }

    /**
     * Returns the list with what is mapped in the range changed; mappings that reach beyond it are split.
     *
     * @param change
     *            returns what takes the place of a mapping inside the range, or null to remove it
     */
    VmaList changed(long start, long end, Function<Vma, @Nullable Vma> change) {
        int first = firstEndingAfter(start);
        int last = firstStartingFrom(start, end);
        List<Vma> replacement = new ArrayList<>();
        for (int i = first; i < last; i++) {
            Vma vma = vmas[i];
            if (vma.start() < start) {
                replacement.add(vma.part(vma.start(), start));
            }
            Vma inside = change.apply(vma.part(start, end));
            if (inside != null) {
                replacement.add(inside);
            }
            if (vma.end() > end) {
                replacement.add(vma.part(end, vma.end()));
            }
        }
        return spliced(first, last, replacement);
    }

    /** Replaces {@code [first, last)}, joining what has become alike, the neighbours on both sides included. */
    private VmaList spliced(int first, int last, List<Vma> replacement) {
        int from = Math.max(0, first - 1);
        int to = Math.min(vmas.length, last + 1);
        List<Vma> joined = new ArrayList<>();
        for (int i = from; i < first; i++) {
            append(joined, vmas[i]);
        }
        for (Vma vma : replacement) {
            append(joined, vma);
        }
        for (int i = last; i < to; i++) {
            append(joined, vmas[i]);
        }
        Vma[] now = new Vma[from + joined.size() + vmas.length - to];
        System.arraycopy(vmas, 0, now, 0, from);
        for (int i = 0; i < joined.size(); i++) {
            now[from + i] = joined.get(i);
        }
        System.arraycopy(vmas, to, now, from + joined.size(), vmas.length - to);
        return new VmaList(now);
    }

    private static void append(List<Vma> joined, Vma next) {
        int last = joined.size() - 1;
        if (last >= 0 && joined.get(last).continuesIn(next)) {
            joined.set(last, joined.get(last).joined(next));
        } else {
            joined.add(next);
        }
    }

    /** Returns the index of the first mapping that ends after the address. */
    private int firstEndingAfter(long address) {
        int low = 0;
        int high = vmas.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (vmas[middle].end() > address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the index of the first mapping at or after start's that begins at or beyond the end. */
    private int firstStartingFrom(long start, long end) {
        int low = firstEndingAfter(start);
        int high = vmas.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (vmas[middle].start() >= end) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
