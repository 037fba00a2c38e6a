package io.faultline.linux.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.memory.PageSize;

/**
 * The main program of a JVM that touches a missing page, either as Java must not ({@code direct}) or by a system call
 * ({@code safe}), collects garbage while the fault is pending, and then has it resolved.
 */
public final class HangingChild {
    /** Printed when the fault is pending. */
    static final String PENDING = "pending";

    private HangingChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        NativeRegion region = NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, PageSize.BASE_BYTES);
        FaultServer server = new FaultServer(region, 1);
        Thread toucher = Thread.ofPlatform().daemon().start(() -> {
            if (arguments[0].equals("direct")) {
                touch(region.address());
            } else {
                region.read(0, Arena.ofAuto().allocate(1));
            }
        });
        server.awaitPending();
        System.out.println(PENDING);
        System.out.flush();
        System.gc();
        server.resolve();
        toucher.join();
        server.end();
        region.close();
        System.out.println("collected, resolved");
    }

    /** What nobody can do with a region without asking for it like this. */
    @SuppressWarnings("restricted")
    private static byte touch(long address) {
        return MemorySegment.ofAddress(address).reinterpret(1).get(ValueLayout.JAVA_BYTE, 0);
    }
}
