package io.faultline.oracle;

import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushRequest;

/** Hears from the wrappers around a policy's parts what the policy does and says; see {@link Claims}. */
interface PolicyWitness {
    /** A request is complete and its flush is still to come: from now on it must keep the declared staleness. */
    void deferred(FlushRequest request);

    /** A CPU's tick begins. */
    void ticked(int cpu);

    void loaded(int cpu, int asid);

    void walks(int cpu, int asid, long address);

    /** A CPU is about to be told to flush. */
    void told(FlushCommand command);

    /** A CPU says up to which generation it has flushed. */
    void claims(int cpu, int asid, long local, long generation);

    void initiator(WatchedPolicy.WatchedPort port);

    /** A CPU dropped its pointers to the page tables of an address space. */
    void tablesDropped(int cpu, int asid);

    void allTablesDropped(int cpu);

    /** The hardware's broadcast had every CPU drop them. */
    void tablesDroppedEverywhere(int asid);
}
