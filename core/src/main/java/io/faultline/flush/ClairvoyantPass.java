package io.faultline.flush;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link ClairvoyantPolicy} in one of its two runs. All parts share the knowledge, so it belongs to a world where one thing
 * happens at a time, and to one machine.
 */
final class ClairvoyantPass implements FlushPolicy {
    private final ClairvoyantPolicy policy;
    private final PageChanges foreseen;
    private final PageChanges notes;
    private final HeldTranslations held = new HeldTranslations();
    private final List<CpuDebts> cpus = new ArrayList<>();
    /** Per address space, the changes whose flush is owed or has been answered in part. */
    private final Map<Integer, Integer> open = new HashMap<>();

    ClairvoyantPass(ClairvoyantPolicy policy, PageChanges foreseen, PageChanges notes) {
        this.policy = policy;
        this.foreseen = foreseen;
        this.notes = notes;
    }

    ClairvoyantPolicy policy() {
        return policy;
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public FlushContract contract() {
        return policy.contract();
    }

    @Override
    public Set<HostDuty> duties() {
        return policy.duties();
    }

    @Override
    public boolean catchesUpAtSwitches() {
        return policy.catchesUpAtSwitches();
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new ClairvoyantInitiator(id, domain, port, this);
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new ClairvoyantCpuPart(cpu, domain, port, debts(cpu), policy);
    }

    CpuDebts debts(int cpu) {
        while (cpus.size() <= cpu) {
            cpus.add(new CpuDebts(cpus.size(), held, foreseen));
        }
        return cpus.get(cpu);
    }

    /** Takes note of a request, and finds out who owes it what. */
    void opened(OpenFlush flush, FlushDomain domain) {
        var request = flush.request();
        notes.add(request, 1);
        foreseen.add(request, -1);
        int opened = open.merge(request.asid(), 1, Integer::sum);
        boolean changedNothing = request.pagesPresent() == 0 || request.kind() == ChangeKind.BARRIER;
        var space = domain.space(request.asid());
        if (changedNothing && space.changesInFlight() <= opened) {
            // What is stale was changed by others, and all of them have said so.
            cpus.forEach(cpu -> cpu.oweWhatIsOwed(flush));
        } else {
            held.inRange(request.asid(), request.start(), request.end(), (key, holders) -> {
                holders.stream().forEach(cpu -> debts(cpu).owe(flush, key));
                flush.missing().or(holders);
            });
        }
        if (flush.freesTables()) {
            // All must drop their pointers to tables. Those that are elsewhere have time until they come back.
            for (int cpu = 0; cpu < domain.cpus(); cpu++) {
                debts(cpu).owe(flush);
            }
            flush.missing().clear();
            flush.missing().or(space.cpus().snapshot());
        }
    }

    void closed(OpenFlush flush) {
        open.merge(flush.request().asid(), -1, Integer::sum);
    }
}
