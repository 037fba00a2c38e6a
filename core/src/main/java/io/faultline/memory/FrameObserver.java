package io.faultline.memory;

/**
 * Hears when frames leave and re-enter the pool. Called under the pool's lock, so the order is exact; it must be brief
 * and must not call the pool.
 */
public interface FrameObserver {
    /** Hears nothing. */
    FrameObserver NONE = new FrameObserver() {
        @Override
        public void allocated(long frame, long basePages) {}

        @Override
        public void freed(long frame, long basePages) {}
    };

    /** The frames were free and now have an owner. */
    void allocated(long frame, long basePages);

    /** The last reference to the frames went, quarantine included; they may be handed out again at once. */
    void freed(long frame, long basePages);
}
