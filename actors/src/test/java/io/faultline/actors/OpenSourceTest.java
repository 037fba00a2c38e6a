package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.memory.PageBuffer;
import io.faultline.source.PageSource;
import io.faultline.source.ReadResult;
import org.junit.jupiter.api.Test;

class OpenSourceTest {
    private final AtomicInteger closed = new AtomicInteger();
    private final OpenSource open = new OpenSource(new PageSource() {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public ReadResult read(long firstPage, PageBuffer destination) {
            return ReadResult.ok(destination.pages());
        }

        @Override
        public boolean blocking() {
            return true;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    });

    @Test
    void shouldCloseWhenTheMachineStopsAndNothingIsRead() {
        assertThat(open.begin()).isTrue();
        open.end();
        assertThat(closed).hasValue(0);

        open.end();

        assertThat(closed).hasValue(1);
    }

    @Test
    void shouldCloseAfterTheLastReadThatTheMachineLeavesBehind() {
        assertThat(open.begin()).isTrue();
        assertThat(open.begin()).isTrue();
        open.end(); // the machine
        open.end();
        assertThat(closed).hasValue(0);

        open.end();

        assertThat(closed).hasValue(1);
    }

    @Test
    void shouldNotBeReadOnceItIsClosed() {
        open.end();

        assertThat(open.begin()).isFalse();

        assertThat(closed).hasValue(1);
    }
}
