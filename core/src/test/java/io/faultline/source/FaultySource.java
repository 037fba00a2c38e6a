package io.faultline.source;

import java.util.concurrent.ConcurrentHashMap;

import io.faultline.memory.PageBuffer;

/**
 * A source that fails some reads and ends others too soon; which ones depends on the seed, the page and how often it was
 * asked for. For tests of all modules.
 */
public final class FaultySource implements PageSource {
    private final PageSource real;
    private final SourceTiming errors;
    private final SourceTiming shorts;
    private final long seed;
    private final ConcurrentHashMap<Long, Integer> attempts = new ConcurrentHashMap<>();

    /**
     * @param real answers the reads that do not fail; closed with this one
     * @param errorRate the share of reads that end in ERROR
     * @param shortRate the share of the others that end SHORT, with half of the pages
     * @param seed decides which
     */
    public FaultySource(PageSource real, double errorRate, double shortRate, long seed) {
        this.real = real;
        errors = SourceTiming.INSTANT.withErrorRate(errorRate);
        shorts = SourceTiming.INSTANT.withErrorRate(shortRate);
        this.seed = seed;
    }

    @Override
    public String name() {
        return "faulty " + real.name();
    }

    @Override
    public ReadResult read(long firstPage, PageBuffer destination) {
        int attempt = attempts.merge(firstPage, 1, Integer::sum) - 1;
        if (errors.isError(seed, firstPage, attempt)) {
            return ReadResult.failed("fault of page " + firstPage + " at attempt " + attempt);
        }
        if (shorts.isError(seed + 1, firstPage, attempt)) {
            int half = destination.pages() / 2;
            ReadResult result = real.read(firstPage, destination.slice(0, half));
            return result.isOk() ? ReadResult.ended(half, "short read of page " + firstPage) : result;
        }
        return real.read(firstPage, destination);
    }

    @Override
    public boolean blocking() {
        return real.blocking();
    }

    @Override
    public void close() {
        real.close();
    }
}
