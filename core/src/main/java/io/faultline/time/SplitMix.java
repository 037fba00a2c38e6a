package io.faultline.time;

/**
 * A seeded generator of 64-bit numbers: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014), with the finaliser {@code mix13} of Stafford.
 *
 * <p>One object is 8 bytes of state, allocates nothing and gives the same numbers on every JVM. Not thread-safe: each
 * owner has its own, derived by {@link #split}.
 */
public final class SplitMix {
    /** 2^64 divided by the golden ratio, made odd: the step that visits every state. */
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    /** 2^-53: what one unit in the last place of a double below 1 is worth. */
    private static final double DOUBLE_UNIT = 0x1.0p-53;

    private long state;

    /**
     * A generator of its own sequence.
     *
     * @param seed any value, zero included
     */
    public SplitMix(long seed) {
        this.state = seed;
    }

    /** {@return the next 64 bits, uniform over all longs} */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /**
     * The next number in {@code [0, bound)}.
     *
     * <p>By multiplication (Lemire, "Fast Random Integer Generation in an Interval", 2019) without the rejection step:
     * the bias is below {@code bound / 2^64}, which no experiment here can see, and each call draws exactly once.
     *
     * @param bound how many values there are, positive
     * @return uniform in {@code [0, bound)}
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound is " + bound + ", but must be positive");
        }
        return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** {@return the next number in {@code [0, 1)}, a multiple of 2^-53} */
    public double nextDouble() {
        return (nextLong() >>> 11) * DOUBLE_UNIT;
    }

    /**
     * A generator for something else, which depends on this one's present state and on the salt. This one does not
     * advance: splitting with the same salt twice gives the same sequence twice.
     *
     * @param salt tells the split ones apart, for instance an index
     * @return a generator independent of this one
     */
    public SplitMix split(long salt) {
        return new SplitMix(mix(state ^ mix(salt + GAMMA)));
    }

    /**
     * The stateless finaliser: a bijection of longs in which every bit of the input stirs every bit of the output.
     *
     * @param z any value; 0 stays 0
     * @return its hash
     */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
