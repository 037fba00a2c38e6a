package io.faultline.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;

class ClairvoyantPolicyTest {
    private static final long MICROSECOND = 1_000;

    @Test
    void shouldTakeItsStalenessFromTheCommandLine() {
        assertThat(FlushPolicies.parse("clairvoyant:staleness=10us"))
                .isEqualTo(new ClairvoyantPolicy(10 * MICROSECOND, true, false, 33));
        assertThat(FlushPolicies.parse("clairvoyant")).isEqualTo(new ClairvoyantPolicy(1_000_000, true, false, 33));
        assertThat(FlushPolicies.parse("clairvoyant:ahead=no,sweep=ticks,ceiling=8"))
                .isEqualTo(new ClairvoyantPolicy(1_000_000, false, true, 8));
    }

    @Test
    void shouldDeclareWhatItPutsOffAndForHowLong() {
        var contract = new ClairvoyantPolicy(MICROSECOND, true, false, 33).contract();

        assertThat(contract.staleness()).isEqualTo(new FlushContract.Staleness.Within(MICROSECOND));
        assertThat(contract.kinds()).containsExactlyInAnyOrder(ChangeKind.UNMAP, ChangeKind.MOVE);
        assertThat(contract.directions()).containsExactly(Direction.INTO_APP);
        assertThat(new ClairvoyantPolicy(0, true, false, 33).contract()).isEqualTo(FlushContract.STRICT);
    }

    @Test
    void shouldRefuseWhatItCannotBe() {
        assertThatThrownBy(() -> FlushPolicies.parse("clairvoyant:staleness=-1us"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> FlushPolicies.parse("clairvoyant:sweep=always"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("interrupts, ticks");
        assertThatThrownBy(() -> FlushPolicies.parse("ring:size=4+clairvoyant"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("nothing can stand over it");
        assertThatThrownBy(() -> FlushPolicies.parse("clairvoyant+strict")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void shouldHaveNoPartsWithoutARehearsal() {
        var policy = FlushPolicies.parse("clairvoyant");
        var domain = new FlushDomain(1);

        assertThatThrownBy(() -> policy.cpuPart(0, domain, new RecordingHost()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a rehearsal");
    }

    @Test
    void shouldCountDownWhatItHasCountedUp() {
        var changes = new PageChanges();
        var twoPages = FlushRequest.of(1, 3, ChangeKind.UNMAP, 0x1000, 0x3000).pagesPresent(2).build();
        var nothing = FlushRequest.of(2, 3, ChangeKind.UNMAP, 0x3000, 0x4000).pagesPresent(0).build();
        changes.add(twoPages, 1);
        changes.add(twoPages, 1);
        changes.add(nothing, 1);

        changes.add(twoPages, -1);
        assertThat(changes.includes(HeldTranslations.key(3, 0x2000, 0))).isTrue();
        assertThat(changes.includes(HeldTranslations.key(3, 0x3000, 0))).isFalse();
        assertThat(changes.includes(HeldTranslations.key(4, 0x2000, 0))).isFalse();
        changes.add(twoPages, -1);
        assertThat(changes.includes(HeldTranslations.key(3, 0x2000, 0))).isFalse();
    }

    @Test
    void shouldKnowWhoHoldsWhatOfEverySize() {
        var held = new HeldTranslations();
        held.filled(1, HeldTranslations.key(7, 0x20_0000, 0));
        held.filled(2, HeldTranslations.key(7, 0x20_0000, 0));
        held.filled(3, HeldTranslations.key(7, 0x20_0000, 1));
        held.filled(4, HeldTranslations.key(8, 0x20_0000, 0));
        held.dropped(2, HeldTranslations.key(7, 0x20_0000, 0));

        assertThat(holders(held, 0x20_0000, 0x20_1000)).containsExactly("{1}", "{3}");
        assertThat(holders(held, 0x20_1000, 0x20_2000)).containsExactly("{3}");
        assertThat(holders(held, 0x40_0000, 0x40_1000)).isEmpty();
    }

    private static List<String> holders(HeldTranslations held, long start, long end) {
        var found = new ArrayList<String>();
        held.inRange(7, start, end, (_, cpus) -> found.add(cpus.toString()));
        return found;
    }
}
