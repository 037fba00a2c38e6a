package io.faultline.lab.sweep;

import java.util.Map;

/** Of a sweep that cannot be continued, because nothing of it is to be kept. */
final class NoJournal implements SweepJournal {
    @Override
    public Map<Integer, SweepRun> runs() {
        return Map.of();
    }

    @Override
    public void append(SweepRun run) {
        // Nobody will ask.
    }

    @Override
    public String path() {
        return "no journal";
    }

    @Override
    public void delete() {
        // There is nothing.
    }

    @Override
    public void close() {
        // There is nothing.
    }
}
