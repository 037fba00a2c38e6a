package io.faultline.linux.world;

import io.faultline.memory.ChunkedLongs;

/** Which vCPU a thread is, by the kernel's number of it. Thread-safe. */
final class ThreadNumbers {
    /** The kernel gives no thread a number as high as that (PID_MAX_LIMIT). */
    private static final int LIMIT = 4 << 20;

    /** The vCPU and one; 0 for none. */
    private final ChunkedLongs vcpus = new ChunkedLongs(LIMIT);

    void enter(int thread, int vcpu) {
        vcpus.setRelease(thread, vcpu + 1L);
    }

    void leave(int thread) {
        vcpus.setRelease(thread, 0);
    }

    /** The vCPU, or -1 when the thread is none. */
    int vcpuOf(int thread) {
        return (int) vcpus.getAcquire(thread) - 1;
    }
}
