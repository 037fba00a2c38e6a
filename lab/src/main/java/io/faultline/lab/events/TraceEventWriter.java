package io.faultline.lab.events;

import java.io.IOException;
import java.io.OutputStream;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/**
 * Writes events in the Trace Event Format ("Trace Event Format", Google, 2016; the object form, which Perfetto imports).
 * Events go to the stream one by one and are not kept. Not thread-safe.
 */
final class TraceEventWriter {
    private static final int NANOS_DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1_000;

    private final JsonGenerator json;

    TraceEventWriter(OutputStream out) throws IOException {
        json = new JsonFactory().createGenerator(out, JsonEncoding.UTF8);
        json.writeStartObject();
        json.writeStringField("displayTimeUnit", "ns");
        json.writeArrayFieldStart("traceEvents");
    }

    /** Names a process: a group of tracks. */
    void nameProcess(int pid, String name) throws IOException {
        start("process_name", "M", pid, 0, 0);
        args();
        json.writeStringField("name", name);
        end();
        start("process_sort_index", "M", pid, 0, 0);
        args();
        json.writeNumberField("sort_index", pid);
        end();
    }

    /** Names a track. */
    void nameTrack(Track track, String name) throws IOException {
        start("thread_name", "M", track.pid(), track.tid(), 0);
        args();
        json.writeStringField("name", name);
        end();
        start("thread_sort_index", "M", track.pid(), track.tid(), 0);
        args();
        json.writeNumberField("sort_index", track.tid());
        end();
    }

    /** Begins something on a track; arguments and {@link #end} follow. */
    void startBegin(String name, Track track, long nanos) throws IOException {
        start(name, "B", track.pid(), track.tid(), track.at(nanos));
        args();
    }

    /** Ends what was begun last on a track; arguments and {@link #end} follow. */
    void startEnd(String name, Track track, long nanos) throws IOException {
        start(name, "E", track.pid(), track.tid(), track.at(nanos));
        args();
    }

    /** Something without a duration on a track; arguments and {@link #end} follow. */
    void startInstant(String name, Track track, long nanos) throws IOException {
        start(name, "i", track.pid(), track.tid(), track.at(nanos));
        json.writeStringField("s", "t");
        args();
    }

    void argument(String name, long value) throws IOException {
        json.writeNumberField(name, value);
    }

    void argument(String name, String value) throws IOException {
        json.writeStringField(name, value);
    }

    void argument(String name, boolean value) throws IOException {
        json.writeBooleanField(name, value);
    }

    /** Ends an event and its arguments. */
    void end() throws IOException {
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Ends the array and the document; the stream is flushed, not closed. */
    void finish() throws IOException {
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    private void start(String name, String phase, int pid, int tid, long nanos) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("ph", phase);
        json.writeFieldName("ts");
        json.writeNumber(micros(nanos));
        json.writeNumberField("pid", pid);
        json.writeNumberField("tid", tid);
    }

    private void args() throws IOException {
        json.writeObjectFieldStart("args");
    }

    /** The format counts microseconds; a decimal keeps every nanosecond, where a double would round after months. */
    static String micros(long nanos) {
        String rest = Long.toString(NANOS_PER_MICRO + nanos % NANOS_PER_MICRO);
        return nanos / NANOS_PER_MICRO + "." + rest.substring(rest.length() - NANOS_DIGITS);
    }
}
