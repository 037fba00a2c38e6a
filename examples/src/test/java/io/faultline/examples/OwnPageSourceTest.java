package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;

import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.source.ReadResult;
import org.junit.jupiter.api.Test;

class OwnPageSourceTest {
    @Test
    void shouldPoisonThePageThatCannotBeReadAndServeAllOthers() {
        Report report = OwnPageSource.run();

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.pages().installed()).isEqualTo(1023);
        assertThat(report.pages().verified()).isPositive();
        assertThat(report.faults().poisoned()).isOne();
        assertThat(report.faults().failed()).as("the broken page's accesses").isEqualTo(4);
        assertThat(report.io().errors()).as("every attempt failed").isEqualTo(3);
    }

    @Test
    void shouldReadPagesBackAsTheyWereAndNameTheOneThatIsBroken() {
        byte[] image = new byte[(int) (3 * PageSize.BASE_BYTES)];
        image[(int) PageSize.BASE_BYTES + 5] = 42;
        CompressedImage source = new CompressedImage(image);
        source.damage(2);
        PageBuffer page = PageBuffer.bytes(PageSize.SIZE_4K, 1);

        assertThat(source.read(1, page).isOk()).isTrue();
        assertThat(page.bytes().get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 42);
        ReadResult broken = source.read(2, page);
        assertThat(broken.isOk()).isFalse();
        assertThat(broken.reason()).contains("base page 2");
    }
}
