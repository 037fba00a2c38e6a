package io.faultline.memory;

/** What can happen to the state of a frame; {@link FrameStates} has the bits. */
enum FrameChange {
    ALLOCATE {
        @Override
        int apply(int state, long frame) {
            assert state == 0 : "frame " + frame + " was handed out while in use";
            return FrameStates.REFERENCE | FrameStates.EXCLUSIVE;
        }
    },
    RETAIN {
        @Override
        int apply(int state, long frame) {
            require(state != 0, frame, "is free and cannot be retained");
            require((state & FrameStates.REFERENCES) != FrameStates.REFERENCES, frame, "has too many references");
            return state + FrameStates.REFERENCE;
        }
    },
    RELEASE {
        @Override
        int apply(int state, long frame) {
            require((state & FrameStates.REFERENCES) != 0, frame, "has no reference to release");
            return ownerless(state - FrameStates.REFERENCE);
        }
    },
    QUARANTINE {
        @Override
        int apply(int state, long frame) {
            require((state & FrameStates.REFERENCES) != 0, frame, "has no reference to turn into a hold");
            require((state & FrameStates.HOLDS) != FrameStates.HOLDS, frame, "is held by too many quarantines");
            return ownerless(state - FrameStates.REFERENCE + FrameStates.HOLD);
        }
    },
    END_QUARANTINE {
        @Override
        int apply(int state, long frame) {
            require((state & FrameStates.HOLDS) != 0, frame, "is not in quarantine");
            return state - FrameStates.HOLD;
        }
    },
    MAKE_EXCLUSIVE {
        @Override
        int apply(int state, long frame) {
            require(state != 0, frame, "is free and cannot be exclusive");
            return state | FrameStates.EXCLUSIVE;
        }
    },
    MAKE_SHARED {
        @Override
        int apply(int state, long frame) {
            return state & ~FrameStates.EXCLUSIVE;
        }
    };

    /**
     * Returns the state after the change.
     *
     * @throws IllegalStateException
     *             when the frame's state does not allow it
     */
    abstract int apply(int state, long frame);

    /** Nobody's frame is not exclusive; without this a freed frame would have a state. */
    private static int ownerless(int state) {
        return (state & FrameStates.REFERENCES) == 0 ? state & ~FrameStates.EXCLUSIVE : state;
    }

    private static void require(boolean condition, long frame, String otherwise) {
        if (!condition) {
            throw new IllegalStateException("frame " + frame + " " + otherwise);
        }
    }
}
