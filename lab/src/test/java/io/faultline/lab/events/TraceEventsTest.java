package io.faultline.lab.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.ring.Resolution;
import org.junit.jupiter.api.Test;

class TraceEventsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final EventsListener listener = new EventsListener(true, 8);

    @Test
    void shouldWriteMicrosecondsWithEveryNanosecond() {
        assertThat(TraceEventWriter.micros(0)).isEqualTo("0.000");
        assertThat(TraceEventWriter.micros(7)).isEqualTo("0.007");
        assertThat(TraceEventWriter.micros(1_050)).isEqualTo("1.050");
        assertThat(TraceEventWriter.micros(Long.MAX_VALUE)).isEqualTo("9223372036854775.807");
    }

    @Test
    void shouldGiveEachReadOfAFetcherALaneWhileItLasts() throws IOException {
        listener.begin(out);
        listener.fetchBegan(10, 0, 100);
        listener.fetchBegan(20, 0, 200);
        listener.fetchEnded(30, 0, 100, false);
        listener.fetchBegan(40, 0, 300);
        listener.fetchEnded(50, 0, 200, true);
        listener.fetchEnded(60, 0, 300, false);
        listener.finish();

        List<JsonNode> fetches = eventsNamed("fetch");
        assertThat(fetches).extracting(event -> event.get("ph").textValue() + event.get("tid").intValue())
                .containsExactly("B1", "B2", "E1", "B1", "E2", "E1");
        assertThat(fetches.get(4).at("/args/failed").booleanValue()).isTrue();
        assertThat(eventsNamed("thread_name")).extracting(event -> event.at("/args/name").textValue())
                .contains("fetcher-0 read 0", "fetcher-0 read 1")
                .doesNotContain("fetcher-0 read 2");
    }

    @Test
    void shouldEndTheReadOfAFetcherThatCrashedWhenAnotherBeginsIt() throws IOException {
        listener.begin(out);
        listener.fetchBegan(10, 0, 100);
        listener.fetchBegan(20, 1, 100);
        listener.fetchEnded(30, 1, 100, false);
        listener.finish();

        assertThat(eventsNamed("fetch")).extracting(event -> event.get("ph").textValue() + event.get("args"))
                .containsExactly("B{\"page\":100}", "E{\"abandoned\":true}", "B{\"page\":100}", "E{\"failed\":false}");
    }

    @Test
    void shouldEndWhatNeverEndedAndSaySo() throws IOException {
        listener.begin(out);
        listener.faultRaised(5, 3, 9, true);
        listener.fetchBegan(6, 0, 9);
        listener.flushRequested(7, 1, 0, 4096);
        listener.finish();

        assertThat(eventsNamed("fault").getLast().toString()).contains("\"ph\":\"E\"", "\"lost\":true", "\"ts\":0.007");
        assertThat(eventsNamed("fetch").getLast().toString()).contains("\"ph\":\"E\"", "\"abandoned\":true");
        assertThat(eventsNamed("flush").getLast().toString()).contains("\"ph\":\"E\"", "\"incomplete\":true");
    }

    @Test
    void shouldTellTheFetchersCpusFromThoseOfVcpus() throws IOException {
        listener.begin(out);
        listener.ipiTaken(1, 7, 1);
        listener.ipiTaken(1, 8, 1);
        listener.finish();

        assertThat(eventsNamed("thread_name")).extracting(event -> event.at("/args/name").textValue())
                .contains("vcpu-7", "CPU of fetcher-0");
    }

    @Test
    void shouldNeverGoBackOnATrack() throws IOException {
        listener.begin(out);
        listener.installed(2_000, 0, Resolution.COPY, 1, 1);
        listener.installed(1_000, 0, Resolution.COPY, 2, 1);
        listener.finish();

        assertThat(eventsNamed("install")).extracting(event -> event.get("ts").asText()).containsExactly("2.0", "2.0");
    }

    @Test
    void shouldTakeTheFirstEventsTimeOffWhenTheClockDoesNotBeginAtZero() throws IOException {
        EventsListener onThreads = new EventsListener(false, 8);
        onThreads.begin(out);
        onThreads.faultRaised(1_000_000_007_000L, 0, 0, false);
        onThreads.faultResolved(1_000_000_010_500L, 0, 0, false);
        onThreads.finish();

        assertThat(eventsNamed("fault")).extracting(event -> event.get("ts").doubleValue()).containsExactly(0.0, 3.5);
    }

    @Test
    void shouldThrowAtTheEndWhatWentWrongWhileWriting() throws IOException {
        listener.begin(new OutputStream() {
            private int left = 9_000;

            @Override
            public void write(int b) throws IOException {
                if (--left < 0) {
                    throw new IOException("the disk is full");
                }
            }
        });
        for (int page = 0; page < 1_000; page++) {
            listener.installed(page, 0, Resolution.COPY, page, 1);
        }
        assertThatThrownBy(listener::finish).isInstanceOf(IOException.class).hasMessage("the disk is full");
    }

    @Test
    void shouldWriteNothingBeforeItBeginsAndAfterItEnded() throws IOException {
        listener.faultRaised(1, 0, 0, false);
        listener.begin(out);
        listener.finish();
        listener.faultResolved(1, 0, 0, false);

        assertThat(eventsNamed("fault")).isEmpty();
    }

    private List<JsonNode> eventsNamed(String name) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (JsonNode event : new ObjectMapper().readTree(out.toByteArray()).get("traceEvents")) {
            if (event.get("name").textValue().equals(name)) {
                events.add(event);
            }
        }
        return events;
    }
}
