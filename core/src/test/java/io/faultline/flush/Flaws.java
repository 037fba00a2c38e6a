package io.faultline.flush;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.faultline.tlb.TlbObserver;

/** Ways to take one safety rule from a policy, whichever it is. */
final class Flaws {
    private Flaws() {}

    /** A policy like another, to be overridden. */
    abstract static class Like extends ForwardingPolicy {
        Like(FlushPolicy policy) {
            super(policy);
        }

        @Override
        public String name() {
            return "flawed " + super.name();
        }
    }

    /** A policy that is rehearsed as it should be, and flawed when it counts. */
    static FlushPolicy rehearsed(FlushPolicy policy, UnaryOperator<FlushPolicy> flaw) {
        var sound = (RehearsedPolicy) policy;
        final class Flawed extends Like implements RehearsedPolicy {
            Flawed() {
                super(sound);
            }

            @Override
            public Rehearsal rehearse() {
                var rehearsal = sound.rehearse();
                return new Rehearsal() {
                    @Override
                    public FlushPolicy first() {
                        return rehearsal.first();
                    }

                    @Override
                    public FlushPolicy second() {
                        return flaw.apply(rehearsal.second());
                    }
                };
            }
        }
        return new Flawed();
    }

    /** Its CPUs' TLBs do not tell what they fill and drop. */
    static FlushPolicy deafToTlbs(FlushPolicy policy) {
        return new Like(policy) {
            @Override
            public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
                return new ForwardingCpuPart(super.cpuPart(cpu, domain, port)) {
                    @Override
                    public TlbObserver tlbObserver() {
                        return TlbObserver.NONE;
                    }
                };
            }
        };
    }

    /** What is complete before its flush is released then, too. */
    static FlushPolicy recycling(FlushPolicy policy) {
        return new Like(policy) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                return super.initiator(id, domain, new ForwardingInitiatorPort(port) {
                    private final HashSet<Long> recycled = new HashSet<>();
                    private final HashSet<Long> settled = new HashSet<>();

                    @Override
                    public void settled(FlushRequest request) {
                        settled.add(request.id());
                        super.settled(request);
                    }

                    @Override
                    public void complete(FlushRequest request) {
                        super.complete(request);
                        if (!settled.contains(request.id())) {
                            recycled.add(request.id());
                            super.release(request);
                        }
                    }

                    @Override
                    public void release(FlushRequest request) {
                        if (!recycled.contains(request.id())) {
                            super.release(request);
                        }
                    }
                });
            }
        };
    }

    /** Requests of a kind are over before the policy hears of them. */
    static FlushPolicy skipping(FlushPolicy policy, Predicate<FlushRequest> skipped) {
        return new Like(policy) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                return new ForwardingInitiator(super.initiator(id, domain, port)) {
                    @Override
                    public void request(FlushRequest request) {
                        if (skipped.test(request)) {
                            domain.space(request.asid()).changeEnds();
                            port.finish(request);
                        } else {
                            super.request(request);
                        }
                    }
                };
            }
        };
    }

    /** The policy takes requests for others than they are. */
    static FlushPolicy disguising(FlushPolicy policy, UnaryOperator<FlushRequest> disguise) {
        return new Like(policy) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                var real = new HashMap<Long, FlushRequest>();
                return new ForwardingInitiator(super.initiator(id, domain, new ForwardingInitiatorPort(port) {
                    @Override
                    public void settled(FlushRequest request) {
                        super.settled(real.get(request.id()));
                    }

                    @Override
                    public void complete(FlushRequest request) {
                        super.complete(real.get(request.id()));
                    }

                    @Override
                    public void release(FlushRequest request) {
                        super.release(real.get(request.id()));
                    }
                })) {
                    @Override
                    public void request(FlushRequest request) {
                        real.put(request.id(), request);
                        super.request(disguise.apply(request));
                    }
                };
            }
        };
    }

    /** A builder that starts as the request is, for {@link #disguising}. */
    static FlushRequestBuilder copy(FlushRequest request, ChangeKind kind) {
        var copy = FlushRequest.of(request.id(), request.asid(), kind, request.start(), request.end())
                .operation(request.operation())
                .cpu(request.cpu())
                .direction(kind == ChangeKind.MOVE ? request.direction() : Direction.NONE)
                .pagesPresent(request.pagesPresent())
                .pagesAccessed(request.pagesAccessed())
                .pagesWritable(request.pagesWritable())
                .framesFreed(request.framesFreed())
                .changed(request.changeSequence(), request.changedNanos());
        return request.tablesFreed() ? copy.tablesFreed() : copy;
    }

    /** Requests are complete when they are made. */
    static FlushPolicy completingAtOnce(FlushPolicy policy) {
        return new Like(policy) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                return new ForwardingInitiator(super.initiator(id, domain, new ForwardingInitiatorPort(port) {
                    @Override
                    public void complete(FlushRequest request) {}
                })) {
                    @Override
                    public void request(FlushRequest request) {
                        port.complete(request);
                        super.request(request);
                    }
                };
            }
        };
    }

    /** The own CPU's flush is taken for done. */
    static FlushPolicy forgettingItself(FlushPolicy policy) {
        return new Like(policy) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                var forgotten = new ArrayDeque<long[]>();
                return new ForwardingInitiator(super.initiator(id, domain, new ForwardingInitiatorPort(port) {
                    @Override
                    public void flushSelf(int cpu, FlushCommand command) {
                        forgotten.add(new long[]{cpu, command.ticket()});
                    }
                })) {
                    @Override
                    public void request(FlushRequest request) {
                        super.request(request);
                        for (long[] each = forgotten.poll(); each != null; each = forgotten.poll()) {
                            acknowledged((int) each[0], each[1]);
                        }
                    }
                };
            }
        };
    }

    /** Synchronisations are taken for done. */
    static FlushPolicy notSynchronising(FlushPolicy policy) {
        return new Like(policy) {
            @Override
            public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
                var tickets = new ArrayDeque<Long>();
                return new ForwardingInitiator(super.initiator(id, domain, new ForwardingInitiatorPort(port) {
                    @Override
                    public void sync(long ticket) {
                        tickets.add(ticket);
                    }
                })) {
                    @Override
                    public void operationEnds(long operation) {
                        super.operationEnds(operation);
                        for (Long ticket = tickets.poll(); ticket != null; ticket = tickets.poll()) {
                            synced(ticket);
                        }
                    }
                };
            }
        };
    }
}
