package io.faultline.memslot;

import io.faultline.space.MappingChange;

/** Hears of every operation that took something back from a second stage, also of one that found nothing present. */
@FunctionalInterface
public interface SecondStageObserver {
    /**
     * The entries have changed; frames that left them have not been given away yet.
     *
     * @param start
     *            the first guest-physical byte
     * @param end
     *            the first byte after
     */
    void takenBack(MappingChange kind, long start, long end, FoundPages found);
}
