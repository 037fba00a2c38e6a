package io.faultline.space;

import java.util.ArrayList;
import java.util.List;

/** Writes down what observers hear, addresses in base pages from a start: {@code changed DISCARD 2-5 (3)}. */
final class RecordedChanges implements MappingObserver {
    private final long origin;
    private final List<String> heard = new ArrayList<>();

    RecordedChanges(long origin) {
        this.origin = origin;
    }

    @Override
    public void changed(MappingChange kind, long start, long end, long pagesFoundPresent) {
        heard.add("changed " + kind + " " + range(start, end) + " (" + pagesFoundPresent + ")");
    }

    @Override
    public void changing(MappingChange kind, long start, long end) {
        heard.add("changing " + kind + " " + range(start, end));
    }

    private String range(long start, long end) {
        return ((start - origin) >> 12) + "-" + ((end - origin) >> 12);
    }

    void add(String other) {
        heard.add(other);
    }

    List<String> take() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }
}
