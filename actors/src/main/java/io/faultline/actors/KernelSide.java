package io.faultline.actors;

import io.faultline.memory.FrameContents;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageTable;
import io.faultline.ring.MemslotPages;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.WakeSink;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.Behavior;

/**
 * What depends on whether a machine's kernel is simulated: what memory is, what a vCPU is, and how it hears that it may run
 * on. This one is of the simulated kernel, whose memory is the machine's frames and whose vCPUs are actors; it keeps nothing.
 */
class KernelSide {
    /** Of every machine whose kernel is simulated. */
    static final KernelSide SIMULATED = new KernelSide();

    /** Whether it is not simulated. */
    boolean isReal() {
        return false;
    }

    /** The world's name, where time is not virtual. */
    String name() {
        return "threads";
    }

    /** What vCPUs read and write. */
    FrameContents contents(FramePool frames) {
        return frames.contents();
    }

    /** Where the memory of a kernel that is real begins. */
    long hvaStart() {
        throw new UnsupportedOperationException("simulated memory lies where the machine puts it");
    }

    /** The port of one memslot of a kernel that is real. */
    MemslotPort port(MemslotPages pages, PageTable present, WakeSink woken) {
        throw new UnsupportedOperationException("the machine's workshop makes simulated ports");
    }

    /** A vCPU. */
    Behavior<VCpu.Command> vcpu(MachineParts parts, int index) {
        return VCpu.create(parts, index);
    }

    /** Tells a vCPU that what it waited for is over; one of a real kernel runs on when its page is woken. */
    void resume(MachineParts parts, int vcpu, VCpu.Resume resume, Outbox out) {
        out.tell(parts.vcpus().get(vcpu), resume);
    }

    /** How many vCPUs wait without anybody having been told. */
    int stranded() {
        return 0;
    }

    /** Ends what still runs, and gives memory back; every actor has stopped. */
    void close() {}
}
