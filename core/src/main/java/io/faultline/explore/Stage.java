package io.faultline.explore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.faultline.flush.Steps;
import io.faultline.time.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * One run of a scenario: its scripts and channels, what must hold, and what has happened so far. The scenario builds it;
 * whoever explores runs its pending steps, oldest first in the offer, until none is left or an invariant is broken.
 *
 * <p>Not thread-safe.
 */
public final class Stage implements Steps {
    private final List<StepSource> sources = new ArrayList<>();
    private final Set<String> sourceNames = new HashSet<>();
    private final List<Script> scripts = new ArrayList<>();
    private final List<Supplier<@Nullable Breach>> always = new ArrayList<>();
    private final List<Supplier<@Nullable Breach>> atEnd = new ArrayList<>();
    /** Sources whose first step could run, in the order in which that began. */
    private final List<StepSource> offer = new ArrayList<>();

    private final List<Happening> before = new ArrayList<>();
    private final List<Happening> happenings = new ArrayList<>();
    private final List<Happening> left = new ArrayList<>();
    private boolean ended;
    private final StringBuilder notes = new StringBuilder();
    private @Nullable Breach breach;
    private boolean begun;
    private long progress;

    /** An empty stage. */
    Stage() {}

    /**
     * Adds a script, in the order of the columns.
     *
     * @param name heads the column; no two are the same
     * @return without steps
     */
    public Script script(String name) {
        Script script = new Script(this, name);
        named(script);
        scripts.add(script);
        return script;
    }

    /**
     * Adds the channel of one sender to one receiver.
     *
     * @param from who sends
     * @param to who receives, and in whose column deliveries are shown
     * @return without messages
     */
    public Channel channel(Script from, Script to) {
        return channel("", from, to);
    }

    /**
     * Adds one of several channels of one sender to one receiver, which may be the same.
     *
     * @param kind of its messages, which tells it from the others
     * @param from who sends
     * @param to who receives, and in whose column deliveries are shown
     * @return without messages
     */
    public Channel channel(String kind, Script from, Script to) {
        Channel channel = new Channel(this, kind, from, to);
        named(channel);
        return channel;
    }

    int add(StepSource source) {
        if (begun) {
            throw new IllegalStateException("scripts and channels are added before the first step, not during the run");
        }
        sources.add(source);
        return sources.size() - 1;
    }

    private void named(StepSource source) {
        if (!sourceNames.add(source.sourceName())) {
            throw new IllegalStateException("two scripts or channels are called \"" + source.sourceName() + "\"");
        }
    }

    /**
     * Adds what must hold after every step.
     *
     * @param invariant its name: a few words that say what must hold
     * @param broken what is wrong, or null; changes nothing
     */
    public void always(String invariant, Supplier<@Nullable String> broken) {
        always.add(() -> breach(invariant, broken.get()));
    }

    /**
     * Adds somebody who judges after every step, and names the invariant himself: a safety oracle.
     *
     * @param judge finds a breach, or null; changes nothing
     */
    public void judge(Supplier<@Nullable Breach> judge) {
        always.add(judge);
    }

    /**
     * Adds what must hold when nothing is pending any more.
     *
     * @param invariant its name: a few words that say what must hold
     * @param broken what is wrong, or null; changes nothing
     */
    public void atEnd(String invariant, Supplier<@Nullable String> broken) {
        atEnd.add(() -> breach(invariant, broken.get()));
    }

    private static @Nullable Breach breach(String invariant, @Nullable String what) {
        return what == null ? null : new Breach(invariant, what);
    }

    /**
     * Says that the running step broke an invariant. The first such word counts.
     *
     * @param invariant its name: a few words that say what must hold
     * @param what happened instead
     */
    public void violated(String invariant, String what) {
        if (breach == null) {
            breach = new Breach(invariant, what);
        }
    }

    /**
     * Adds to what the swim lanes show of the running step: what it found, what it was answered.
     *
     * @param text a few words
     */
    public void note(String text) {
        notes.append(notes.isEmpty() ? "" : ", ").append(text);
    }

    /**
     * Says how things stand at the beginning, for the swim lanes to show before the first step.
     *
     * @param script in whose column
     * @param text a few words
     */
    public void initially(Script script, String text) {
        before.add(new Happening(script.number, columnOf(script), text, ""));
    }

    /** {@return a clock for objects that want one: it shows how many steps have been made} */
    public NanoClock clock() {
        return happenings::size;
    }

    /** {@return how many steps got somewhere: not those tried in vain} */
    long progress() {
        return progress;
    }

    /** Everything is on the stage: makes the first offer. */
    void begin() {
        begun = true;
        sources.forEach(this::refresh);
    }

    @Override
    public int pending() {
        return breach == null ? offer.size() : 0;
    }

    @Override
    public int owner(int index) {
        return offer.get(index).number;
    }

    @Override
    public String describe(int index) {
        return offer.get(index).describeFirst();
    }

    @Override
    public void run(int index) {
        StepSource source = offer.get(index);
        String what = source.describeFirst();
        try {
            if (source.runFirst()) {
                progress++;
            }
            judge(always);
        } catch (RuntimeException | AssertionError e) {
            violated(Breach.NO_STEP_FAILS, source.column().name() + ": " + e);
        }
        happenings.add(new Happening(source.number, columnOf(source), what, notes.toString()));
        notes.setLength(0);
        if (breach == null) {
            offer(source);
        }
    }

    private void judge(List<Supplier<@Nullable Breach>> judges) {
        for (int index = 0; index < judges.size() && breach == null; index++) {
            breach = judges.get(index).get();
        }
    }

    /** Brings the offer up to date. Whoever ran comes after those whom the step set going, as in a queue. */
    private void offer(StepSource ran) {
        offer.remove(ran);
        for (StepSource source : sources) {
            if (source != ran) {
                refresh(source);
            }
        }
        if (ran.looksPending()) {
            offer.add(ran);
        }
    }

    private void refresh(StepSource source) {
        boolean was = source.wasPending();
        boolean is = source.looksPending();
        if (is && !was) {
            offer.add(source);
        } else if (was && !is) {
            offer.remove(source);
        }
    }

    /** Nothing is pending: looks for what waits for ever, and for what must hold at the end. */
    void end() {
        ended = breach == null;
        for (StepSource source : sources) {
            if (!source.hasStep()) {
                continue;
            }
            if (ended && (source.isSpinning() || !source.column().isBackground())) {
                leave("for ever", source);
                stuck(source);
            } else if (source instanceof Channel) {
                leave("still to come", source);
            }
        }
        judge(atEnd);
    }

    private void leave(String what, StepSource source) {
        left.add(new Happening(source.number, columnOf(source), what, source.describeFirst()));
    }

    private void stuck(StepSource source) {
        String invariant = source.isSpinning() ? Breach.NOBODY_TRIES : Breach.NOBODY_WAITS;
        if (breach == null || invariant.equals(Breach.NOBODY_TRIES)) {
            breach = new Breach(invariant, source.column().name() + ": " + source.describeFirst());
        }
    }

    private int columnOf(StepSource source) {
        return scripts.indexOf(source.column());
    }

    /** {@return the performance, now that it is over} */
    Performance performance() {
        List<String> columns = scripts.stream().map(Script::name).toList();
        List<String> names = sources.stream().map(StepSource::sourceName).toList();
        return new Performance(columns, names, before, happenings, left, breach, ended);
    }

    /** {@return how many steps were made} */
    int stepsMade() {
        return happenings.size();
    }

    /** {@return the names of what is pending, oldest first} */
    List<String> pendingNames() {
        return offer.stream().map(StepSource::sourceName).toList();
    }

    /** {@return the place in the offer of a source's step, -1 when it is not pending} */
    int indexOf(int number) {
        for (int index = 0; index < offer.size(); index++) {
            if (offer.get(index).number == number) {
                return index;
            }
        }
        return -1;
    }

    int numberOf(String name) {
        for (StepSource source : sources) {
            if (source.sourceName().equals(name)) {
                return source.number;
            }
        }
        return -1;
    }
}
