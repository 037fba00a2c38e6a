package io.faultline.oracle;

import java.util.Arrays;

import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushContract.Staleness.Ticks;
import io.faultline.flush.FlushRequest;

/**
 * {@link Claims} behind the lock of a {@link SamplingOracle}, for what is about watched pages. CPUs that hold nothing stale
 * have nothing to answer for, so most interrupts take no lock.
 */
final class LockedClaims implements PolicyWitness {
    private static final long NEVER = -1;

    private final Claims claims;
    private final Object lock;
    private final SampledPages pages;
    private final Watchlist.Counted watchlist;
    private final boolean ticks;
    /** The generation that each CPU claimed last, and of which address space; written by its own thread alone. */
    private final long[] claimed;
    private final int[] claimedAsids;
    private volatile long toldGeneration;
    private volatile int toldAsid;

    LockedClaims(Claims claims, Object lock, FlushContract contract, int cpus, SampledPages pages,
            Watchlist.Counted watchlist) {
        this.claims = claims;
        this.lock = lock;
        this.pages = pages;
        this.watchlist = watchlist;
        this.ticks = contract.staleness() instanceof Ticks;
        this.claimed = new long[cpus];
        this.claimedAsids = new int[cpus];
        Arrays.fill(claimed, NEVER);
    }

    @Override
    public void deferred(FlushRequest request) {
        if (pages.isAnyWatched(request.start(), request.end())) {
            synchronized (lock) {
                claims.deferred(request);
            }
        }
    }

    @Override
    public void ticked(int cpu) {
        if (ticks) {
            synchronized (lock) {
                claims.ticked(cpu);
            }
        }
    }

    /** The same command goes to many CPUs, one after the other, and counts from the first on. */
    @Override
    public void told(FlushCommand command) {
        if (command.generation() == toldGeneration && command.asid() == toldAsid) {
            return;
        }
        if (command.isFull() || pages.isAnyWatched(command.start(), command.end())) {
            synchronized (lock) {
                claims.told(command);
            }
        }
        toldGeneration = command.generation();
        toldAsid = command.asid();
    }

    @Override
    public void claims(int cpu, int asid, long local, long generation) {
        // Noted even if nothing is checked: what a CPU caught up with early is not to be asked of it later.
        long before = claimedAsids[cpu] == asid ? claimed[cpu] : NEVER;
        claimed[cpu] = local;
        claimedAsids[cpu] = asid;
        if (local > generation) {
            synchronized (lock) {
                claims.claimsTooMuch(cpu, asid, local, generation);
            }
        }
        if (before != local && before != NEVER && watchlist.isSuspect(cpu)) {
            synchronized (lock) {
                claims.advanced(cpu, asid, before, local);
            }
        }
    }

    @Override
    public void initiator(WatchedPolicy.WatchedPort port) {
        synchronized (lock) {
            claims.initiator(port);
        }
    }

    // O5 is left to the oracle that sees every walk: there is no page table to be freed in a machine on threads.

    @Override
    public void loaded(int cpu, int asid) {}

    @Override
    public void walks(int cpu, int asid, long address) {}

    @Override
    public void tablesDropped(int cpu, int asid) {}

    @Override
    public void allTablesDropped(int cpu) {}

    @Override
    public void tablesDroppedEverywhere(int asid) {}
}
