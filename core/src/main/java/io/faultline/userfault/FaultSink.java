package io.faultline.userfault;

/** Hears of those who wait, as their messages are read. Called on the port's owner. */
@FunctionalInterface
public interface FaultSink {
    /**
     * A message was read: its thread waits until it is woken.
     *
     * @param waiter who faulted
     * @param address of the fault, as the message has it
     * @param write whether the access is a write
     * @param nanos when the message was read
     */
    void raised(int waiter, long address, boolean write, long nanos);
}
