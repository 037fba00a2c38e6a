package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.faultline.userfault.FaultKind;
import org.junit.jupiter.api.Test;

/** Three pages of handler 1 in slots 0 to 2, lent to memslot 5, of which the one in slot 1 is moved. */
class SlotLoansTest {
    private static final int HANDLER = 1;

    private final List<String> freed = new ArrayList<>();
    private final SlotLoans<String> loans = new SlotLoans<>(2, 2, (slot, handler, moved) -> {
        assertThat(handler).isEqualTo(HANDLER);
        freed.add(slot + (moved ? " moved" : " kept"));
    });
    private final PageBatch batch = batch(0, 1, 2);

    private static PageBatch batch(int... slots) {
        PageBatch batch = new PageBatch(5, slots.length);
        batch.handler(HANDLER);
        for (int index = 0; index < slots.length; index++) {
            batch.add(index, 1, FaultKind.MISSING, false, false, 0);
            batch.staged(index, slots[index], 4096);
        }
        return batch;
    }

    private void lend() {
        loans.lend(batch, "first");
        batch.moved(1);
    }

    @Test
    void shouldFreeWhatWasNotMovedWhenItIsReturnedAndTheRestWhenItIsReleased() {
        lend();
        loans.returned(batch);
        assertThat(freed).containsExactly("0 kept", "2 kept");
        assertThat(loans.quarantined()).isEqualTo(1);
        assertThat(loans.quarantinedMost()).isEqualTo(1);

        loans.released(batch, 1);

        assertThat(freed).containsExactly("0 kept", "2 kept", "1 moved");
        assertThat(loans.quarantined()).isZero();
        assertThat(loans.quarantinedMost()).isZero();
    }

    @Test
    void shouldFreeAMovedSlotAtTheReturnWhenTheReleaseCameBefore() {
        lend();
        loans.released(batch, 1);
        assertThat(freed).isEmpty();

        loans.returned(batch);

        assertThat(freed).containsExactly("0 kept", "1 moved", "2 kept");
        assertThat(loans.quarantined()).isZero();
    }

    @Test
    void shouldFreeEachSlotOnceHoweverOftenItIsTold() {
        lend();
        loans.returned(batch);
        loans.returned(batch);
        loans.released(batch, 1);
        loans.released(batch, 1);
        loans.returned(batch);

        assertThat(freed).hasSize(3);
    }

    @Test
    void shouldPassOverAnotherBatchsReturnAndRelease() {
        lend();
        PageBatch other = batch(1);
        other.moved(0);
        loans.returned(other);
        loans.released(other, 1);

        assertThat(freed).isEmpty();
    }

    @Test
    void shouldTakeBackWhatADeadMemslotWasLentAndKeepInQuarantineWhatItMoved() {
        lend();
        loans.lostBy(5, "second", slot -> slot == 1);
        assertThat(freed).containsExactly("0 kept", "2 kept");
        assertThat(loans.quarantined()).isEqualTo(1);
        loans.lostBy(5, "third", slot -> slot == 1);
        loans.returned(batch);

        loans.released(batch, 1);

        assertThat(freed).containsExactly("0 kept", "2 kept", "1 moved");
    }

    @Test
    void shouldTakeBackAMovedSlotAtOnceThatWasReleasedBeforeTheMemslotDied() {
        lend();
        loans.released(batch, 1);

        loans.lostBy(5, "second", slot -> slot == 1);

        assertThat(freed).containsExactly("0 kept", "1 moved", "2 kept");
    }

    @Test
    void shouldLeaveWithOthersWhatTheyWereLent() {
        lend();
        loans.lostBy(5, "first", _ -> false);
        loans.lostBy(4, "second", _ -> false);

        assertThat(freed).isEmpty();
    }
}
