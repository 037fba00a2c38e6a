package io.faultline.actors;

import io.faultline.chaos.Chaos;
import io.faultline.chaos.ChaosCounts;
import io.faultline.chaos.ChaosKind;

/** Has an actor crash on purpose, at messages that only the seed decides. Belongs to one incarnation of the actor. */
final class CrashDice {
    private final Chaos chaos;
    private final ChaosCounts counts;
    private final ChaosKind kind;
    private final int index;
    private final int incarnation;
    private long messages;

    CrashDice(MachineParts parts, ChaosKind kind, int index, int incarnation) {
        this.chaos = parts.chaos();
        this.counts = parts.chaosCounts();
        this.kind = kind;
        this.index = index;
        this.incarnation = incarnation;
    }

    /**
     * Counts one more message.
     *
     * @throws CrashOnPurpose when it is one to crash at
     */
    void roll() {
        if (chaos.isOn() && chaos.crashes(kind, index, incarnation, messages++)) {
            counts.count(kind);
            throw new CrashOnPurpose(kind.text() + " of " + index + ", incarnation " + incarnation + ", at message "
                    + (messages - 1));
        }
    }

    /** A crash that was asked for. */
    static final class CrashOnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1;

        CrashOnPurpose(String message) {
            super(message, null, false, false); // the stack says nothing that the message does not
        }
    }
}
