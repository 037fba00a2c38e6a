package io.faultline.linux.world;

import io.faultline.linux.loop.EventLoop;
import io.faultline.userfault.RecordedPort;

/** Has the event loop that a memslot runs on watch its userfaultfd. */
final class LoopAttention implements RecordedPort.Attention {
    private final int descriptor;
    private boolean watched;

    /**
     * @param descriptor of the userfaultfd
     */
    LoopAttention(int descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public void attend(Runnable readable) {
        EventLoop.current().watch(descriptor, readable);
        watched = true;
    }

    @Override
    public void neglect() {
        if (watched) { // its owner may have died before it attended
            watched = false;
            EventLoop.current().unwatch(descriptor);
        }
    }
}
