package io.faultline.explore;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * The messages of one sender to one receiver: delivered in the order sent, each as a step of its own, with anything in
 * between. A receiver with several channels may hear of their messages in any order.
 */
public final class Channel extends StepSource {
    private record Message(String what, Runnable delivery) {}

    private final String kind;
    private final Script from;
    private final Script to;
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private BooleanSupplier condition = () -> true;

    Channel(Stage stage, String kind, Script from, Script to) {
        super(stage);
        this.kind = kind;
        this.from = from;
        this.to = to;
    }

    /**
     * Blocks delivery while a condition does not hold: interrupts are masked, the receiver is busy.
     *
     * @param deliverable looked at again and again, so it must change nothing
     * @return this
     */
    public Channel when(BooleanSupplier deliverable) {
        condition = deliverable;
        return this;
    }

    /**
     * Blocks delivery while the receiver's script has steps left, as a mailbox does.
     *
     * @return this
     */
    public Channel whenIdle() {
        return when(to::isIdle);
    }

    /**
     * Sends a message.
     *
     * @param what it says, in a few words
     * @param delivery what the receiver does with it; steps it adds to the receiver's script come last there
     */
    public void send(String what, Runnable delivery) {
        messages.addLast(new Message(what, delivery));
    }

    /** {@return how many messages are on their way} */
    public int size() {
        return messages.size();
    }

    /** Loses what is on its way. */
    public void clear() {
        messages.clear();
    }

    @Override
    String sourceName() {
        return from.name() + " to " + to.name() + (kind.isEmpty() ? "" : ", " + kind);
    }

    @Override
    Script column() {
        return to;
    }

    @Override
    boolean hasStep() {
        return !messages.isEmpty();
    }

    @Override
    boolean isEnabled() {
        return condition.getAsBoolean();
    }

    @Override
    boolean isSpinning() {
        return false;
    }

    @Override
    String describeFirst() {
        String what = messages.getFirst().what();
        return from == to ? what : "from " + from.name() + ": " + what;
    }

    @Override
    boolean runFirst() {
        messages.removeFirst().delivery().run();
        return true;
    }
}
