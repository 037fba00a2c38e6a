package io.faultline.races;

import java.util.BitSet;
import java.util.function.Consumer;

import io.faultline.explore.Script;
import io.faultline.explore.Stage;
import io.faultline.ring.FaultCounters;
import io.faultline.ring.InstallRules;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.PageBatch;
import io.faultline.ring.PageInstaller;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.userfault.UserfaultMessages;
import org.jspecify.annotations.Nullable;

/**
 * Handles the faults of a {@link RaceMemory} as the runtime's memslot and handler do, with the same objects: the ledger, the
 * resolution policy, the rules of installing.
 */
public final class FaultLoop {
    private static final int READ_BUFFER_MESSAGES = 16;

    private final Stage stage;
    private final RaceMemory memory;
    private final Script memslot;
    private final MemslotLedger ledger;
    private final InstallRules rules;
    private final ResolutionPolicy policy = ResolutionPolicies.fetchAndCopy();
    private Consumer<PageBatch> resolver = this::installNext;

    /**
     * A handler that has yet to be told to {@link #serve}.
     *
     * @param stage is told what happens
     * @param memory whose faults
     * @param memslot in whose steps
     */
    public FaultLoop(Stage stage, RaceMemory memory, Script memslot) {
        this.stage = stage;
        this.memory = memory;
        this.memslot = memslot;
        FaultCounters counters = new FaultCounters();
        ledger = new MemslotLedger(memory.slot(), memory.space().hva(), new BitSet(), counters, 0, 0);
        PageInstaller installer = new PageInstaller(memory.port(), memory.slot(), false, true, true);
        rules = new InstallRules(ledger, installer, counters, new Host());
    }

    private final class Host implements InstallRules.Host {
        @Override
        public boolean holdsBack(long page) {
            return false;
        }

        @Override
        public void written(long page) {
            // Nothing is write-protected here.
        }

        @Override
        public void map(long page, boolean write) {
            // There is no second stage: vCPUs walk the host's table.
        }

        @Override
        public void wake(long page) {
            memory.wake((int) page);
        }
    }

    /**
     * Sends pages elsewhere to be resolved: to a handler or a fetcher, who is to give them to {@link #install}. Otherwise they
     * are fetched and installed in the next step.
     *
     * @param elsewhere is given each page in a batch of its own
     * @return this
     */
    public FaultLoop resolving(Consumer<PageBatch> elsewhere) {
        resolver = elsewhere;
        return this;
    }

    /** Reads the userfaultfd whenever there is something to read, for ever. */
    public void serve() {
        memslot.background();
        awaitMessages();
    }

    private void awaitMessages() {
        memslot.when("read the userfaultfd", this::hasWork, () -> {
            read();
            retryParked();
            awaitMessages();
        });
    }

    private boolean hasWork() {
        return memory.hasMessages() || (rules.parkedPages() > 0 && !memory.isChanging());
    }

    private void read() {
        UserfaultMessages messages = memory.readMessages(READ_BUFFER_MESSAGES);
        PageBatch batch = ledger.takeUp(messages, page -> memory.wake((int) page));
        resolve(batch);
    }

    private void retryParked() {
        if (rules.parkedPages() > 0 && !memory.isChanging()) {
            rules.retryParked((page, installed) -> stage.note(
                    (installed > 0 ? "installs parked page " : "forgets parked page ") + page.page(0)));
        }
    }

    /** Asks anew for everything on its way: a handler or fetcher who had some of it was replaced. */
    public void askAgain() {
        rules.dropParked((_, _) -> {});
        resolve(ledger.reissueAll());
    }

    private void resolve(@Nullable PageBatch batch) {
        for (int index = 0; batch != null && index < batch.count(); index++) {
            PageBatch single = batch.emptyLike(1);
            single.addFrom(batch, index);
            single.resolution(policy.decide(single.kind(0), single.page(0), single.write(0), single.removed(0)));
            resolver.accept(single);
        }
    }

    private void installNext(PageBatch page) {
        memslot.step("install page " + page.page(0), () -> {
            fetch(page);
            install(page);
        });
    }

    /**
     * Reads the page's contents, if it needs any.
     *
     * @param page a batch of one
     */
    public void fetch(PageBatch page) {
        if (page.resolution() == Resolution.COPY) {
            page.slot(0, 0, memory.fetch((int) page.page(0), 1));
        }
    }

    /**
     * Installs a page that has come back, and wakes; in the step that is running.
     *
     * @param page a batch of one
     */
    public void install(PageBatch page) {
        int parked = rules.parkedPages();
        boolean done = rules.install(page) > 0;
        stage.note(page.resolution() + (done ? ", wake" : rules.parkedPages() > parked ? " parked" : " ignored: late"));
    }

    /**
     * Counts a page as done with, whatever came of it.
     *
     * @param page a batch of one
     */
    void forget(PageBatch page) {
        if (ledger.isPending((int) page.page(0))) {
            ledger.finish(page.page(0));
        }
    }
}
