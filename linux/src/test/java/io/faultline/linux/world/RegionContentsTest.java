package io.faultline.linux.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.faultline.kernel.NoAccessException;
import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.memory.NativeRegion;
import io.faultline.linux.memory.RegionBacking;
import io.faultline.linux.userfault.NativeUserfaultPort;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.time.NanoClock;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultModes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RegionContentsTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final NativeRegion region = NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, 8 * PAGE);
    private final RegionContents contents = new RegionContents(region);

    @AfterEach
    void unmap() {
        region.close();
    }

    @Test
    void shouldLoseNoWriteOfManyThreads() throws InterruptedException {
        int threads = 8;
        int writes = 2_000;
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < threads; writer++) {
            writers.add(Thread.ofPlatform().name("faultline-linux-writer").start(() -> {
                for (int write = 0; write < writes; write++) {
                    contents.addToWord(3, 1);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(contents.word(3)).isEqualTo((long) threads * writes);
        assertThat(contents.word(2)).isZero();
        assertThat(contents.word(4)).isZero();
    }

    @Test
    void shouldCopyAndComparePages() {
        PageBuffer page = PageBuffer.bytes(PageSize.SIZE_4K, 2);
        page.bytes().set(ValueLayout.JAVA_BYTE, PAGE + 4000, (byte) 7);
        contents.copyIn(1, page, 1, 1);

        assertThat(contents.sameBeyondWord(1, page, 1)).isTrue();
        assertThat(contents.sameBeyondWord(1, page, 0)).isFalse();
        contents.copy(1, 5, 1);
        PageBuffer out = PageBuffer.bytes(PageSize.SIZE_4K, 1);
        contents.copyOut(5, out, 0, 1);
        assertThat(out.bytes().get(ValueLayout.JAVA_BYTE, 4000)).isEqualTo((byte) 7);
        contents.zero(5, 1);
        assertThat(contents.sameBeyondWord(5, page, 0)).isTrue();
    }

    @Test
    void shouldRefuseAPoisonedPageByName() {
        try (NativeUserfaultPort port = NativeUserfaultPort.open(LinuxSupport.probe().opening(),
                UserfaultFeatures.POISON, NanoClock.monotonic())) {
            port.register(region.address(), 8 * PAGE, UserfaultModes.REGISTER_MISSING);
            port.poison(region.address() + 6 * PAGE, PAGE, 0);

            assertThatThrownBy(() -> contents.word(6)).isInstanceOf(NoAccessException.class)
                    .hasMessageContaining("page 6 of the ANONYMOUS region")
                    .hasMessageContaining("EFAULT");
            assertThatThrownBy(() -> contents.addToWord(6, 1)).isInstanceOf(NoAccessException.class);
        }
    }
}
