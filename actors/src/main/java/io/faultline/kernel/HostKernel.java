package io.faultline.kernel;

import io.faultline.machine.MachineSpec;
import io.faultline.memory.FrameContents;
import io.faultline.memory.PageTable;
import io.faultline.ring.MemslotPages;
import io.faultline.userfault.FaultSink;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.WakeSink;

/**
 * A kernel's memory for one machine, with its userfaultfds: what stands in the place of the simulated kernel. The machine
 * opens it, has it make a port for each memslot, and closes it when its threads have ended.
 *
 * <p>Threading: each method says its own.
 */
public interface HostKernel extends AutoCloseable {
    /** Opens memory for a machine. */
    interface Opening {
        /** What to call the world, on a command line and in a report. */
        String name();

        /**
         * Maps the machine's memory.
         *
         * @param spec what the machine is to be
         * @return the kernel's part of it
         * @throws io.faultline.registry.InvalidInputException
         *             when the kernel cannot be asked for what the spec says
         */
        HostKernel open(MachineSpec spec);

        /** A machine's kernel is closed and its actor system has terminated: waits for what ends by itself afterwards. */
        void ended();
    }

    /** As {@link Opening#name}. */
    String name();

    /** Where the machine's memory begins: the host-virtual address of its first page. */
    long hvaStart();

    /**
     * What the machine's base pages hold, each under its number as its frame. Called by the threads of vCPUs, any number at
     * once; an access to a page that is not there waits until it is.
     *
     * @return contents whose methods throw {@link NoAccessException} for a poisoned page
     */
    FrameContents contents();

    /**
     * Opens a userfaultfd for a memslot and registers its range. Called while the machine is built.
     *
     * @param pages of the memslot
     * @param present takes what becomes present there
     * @param raised hears of vCPUs as the messages of their faults are read
     * @param woken hears of them as they are woken
     * @return the port; whoever {@link MemslotPort#attend}s to it owns it
     */
    MemslotPort port(MemslotPages pages, PageTable present, FaultSink raised, WakeSink woken);

    /** From now on the calling thread makes the accesses of this vCPU. */
    void enter(int vcpu);

    /** The calling thread makes none any more. */
    void leave();

    /**
     * Nobody resolves faults any more: has every access that waits, and every later one to a page that is absent, end in
     * {@link NoAccessException}. Called when the ports have no owners any more.
     */
    void abandon();

    /** Closes the ports and unmaps the memory. No thread accesses it any more. */
    @Override
    void close();
}
