package io.faultline.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.flush.ChangeKind;
import org.junit.jupiter.api.Test;

/** What CPUs do: accesses, interrupts, switches, idleness, preemption. */
class RaceCpuTest {
    @Test
    void shouldAccessThroughTheTlbAndElseWalk() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1).reserve(1, 1);
            race.thread("reader", mm).does(mm.read(0), mm.write(0), mm.write(0), mm.read(1));
        });
        assertThat(played.steps()).containsExactly("read page 0: walks to frame 0",
                "write page 0: walks to frame 0", "write page 0: cached, frame 0",
                "read page 1: page fault, not present");
    }

    @Test
    void shouldCacheWhatItWalksToSpeculatively() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            race.thread("reader", mm).does(mm.walk(0), mm.read(0));
        });
        assertThat(played.noteOf("read page 0")).isEqualTo("cached, frame 0");
    }

    @Test
    void shouldTellBothHandlersHalvesAndTheAcknowledgementApart() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            RaceThread unmapper = race.thread("munmap", mm);
            RaceThread reader = race.thread("reader", mm);
            mm.cachedBy(reader, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            unmapper.does(gather.zap(0), gather.flush());
        });
        assertThat(played.steps()).containsExactly(
                "ptep_get_and_clear page 0: frame 0",
                "flush_tlb_range: page 0, INVLPG page 0, IPI to CPU 1",
                "from CPU 0 munmap: flush IPI, generation 2",
                "flush_tlb_func: INVLPG page 0, acknowledges",
                "from CPU 1 reader: acknowledged",
                "flushed");
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldTakeNoInterruptInTheMiddleOfAnInstruction() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            RaceThread unmapper = race.thread("munmap", mm);
            RaceThread slow = race.thread("slow", mm);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            mm.cachedBy(slow, 0, true);
            slow.does(mm.slowAccess(0, true));
            unmapper.does(gather.zap(0), gather.flush());
        });
        assertThat(played.steps()).containsSubsequence(
                "begin to write page 0: translate: cached, frame 0",
                "flush_tlb_range: page 0, INVLPG page 0, IPI to CPU 1",
                "complete the write of page 0: frame 0",
                "from CPU 0 munmap: flush IPI, generation 2");
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldTakeNoInterruptInTheMiddleOfAContextSwitchAndCatchUpWhenItComesBack() {
        Played played = Played.under("strict", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            RaceSpace other = race.space("other");
            RaceThread unmapper = race.outsider("munmap");
            RaceThread process = race.thread("process", mm);
            mm.cachedBy(process, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            process.does(process.cpu().switchTo(other), process.cpu().switchTo(mm), mm.read(0));
            unmapper.does(RaceStep.of("enter"), gather.zap(0), gather.flush());
        });
        assertThat(played.steps()).contains(
                "flush_tlb_range: page 0, nobody to wait for",
                "switch_mm to mm: set the mask bit, read tlb_gen, load CR3: flushes all of asid 0",
                "read page 0: page fault, not present");
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldNotInterruptALazyCpu() {
        Played played = Played.under("lazy", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            RaceThread unmapper = race.outsider("munmap");
            RaceThread process = race.thread("process", mm);
            mm.cachedBy(process, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            process.does(process.cpu().idle(), RaceStep.until("flushed", gather::isComplete),
                    process.cpu().switchTo(mm), mm.read(0));
            unmapper.does(RaceStep.of("enter"), gather.zap(0), gather.flush());
        });
        assertThat(played.noteOf("flush_tlb_range")).isEqualTo("page 0, nobody to wait for");
        assertThat(played.noteOf("read page 0")).contains("page fault");
    }

    @Test
    void shouldSweepAtTicks() {
        Played played = Played.under("latr", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            RaceThread unmapper = race.thread("munmap", mm);
            RaceThread process = race.thread("process", mm);
            mm.cachedBy(process, 0, false);
            RaceGather gather = mm.gather(ChangeKind.UNMAP);
            unmapper.does(gather.zap(0), gather.flush());
            process.does(RaceStep.until("unmapped", gather::isComplete), process.cpu().tick(), mm.read(0));
        });
        assertThat(played.noteOf("timer tick")).contains("INVLPG page 0");
        assertThat(played.noteOf("read page 0")).contains("page fault");
    }

    @Test
    void shouldFlushAtVmEntryWhatWasFlaggedWhilePreempted() {
        Played played = Played.under("paravirt", race -> preempted(race, false));
        assertThat(played.noteOf("schedule vCPU 1 out")).isEqualTo("KVM_VCPU_PREEMPTED set");
        assertThat(played.noteOf("flush_tlb_range")).contains("flag for CPU 1, no IPI");
        assertThat(played.noteOf("schedule vCPU 1 in")).isEqualTo("VM entry, flushes everything");
        assertThat(played.broken()).isEmpty();
    }

    @Test
    void shouldSayPreemptedMidInstructionOnlyWhenToldTo() {
        assertThat(Played.under("paravirt", race -> midInstruction(race, false)).noteOf("schedule vCPU 0 out"))
                .isEqualTo("mid-instruction, not reported");
        assertThat(Played.under("paravirt", race -> midInstruction(race, true)).noteOf("schedule vCPU 0 out"))
                .isEqualTo("KVM_VCPU_PREEMPTED set");
    }

    private static void preempted(Race race, boolean report) {
        RaceSpace mm = race.space("mm").anonymous(0, 1);
        RaceThread unmapper = race.thread("munmap", mm);
        RaceThread vcpu = race.thread("vCPU", mm);
        mm.cachedBy(vcpu, 0, false);
        RaceGather gather = mm.gather(ChangeKind.UNMAP);
        unmapper.does(RaceStep.of("enter"), gather.zap(0), gather.flush());
        race.outsider("host")
                .does(vcpu.cpu().scheduleOut(report), RaceStep.until("unmapped", gather::isComplete),
                        vcpu.cpu().scheduleIn());
    }

    private static void midInstruction(Race race, boolean report) {
        RaceSpace mm = race.space("mm").anonymous(0, 1);
        RaceThread vcpu = race.thread("vCPU", mm);
        vcpu.does(mm.slowAccess(0, false));
        race.outsider("host").does(vcpu.cpu().scheduleOut(report), vcpu.cpu().scheduleIn());
    }

    @Test
    void shouldRefuseWhatIsNotModelledOrMakesNoSense() {
        assertThatThrownBy(() -> Played.under("broadcast", _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broadcasts");
        Played elsewhere = Played.under("strict", race -> {
            RaceSpace mm = race.space("mm").anonymous(0, 1);
            race.thread("kthread").does(mm.read(0));
        });
        assertThat(elsewhere.broken()).contains("CPU 0 does not run in mm");
        Played unlocked = Played.under("strict", race -> race.outsider("thread").does(race.lock("ptl").unlock()));
        assertThat(unlocked.broken()).contains("thread does not hold ptl");
    }
}
