package io.faultline.workload;

import io.faultline.time.SplitMix;

/**
 * A seeded bijection of the pages, so that hot pages are not neighbours and every memslot has some.
 *
 * <p>Each round multiplies by an odd number, adds and shifts right, each a bijection of the numbers of the fewest bits
 * that hold all pages; a result that is no page is put through again, which makes it a bijection of the pages
 * (cycle walking: Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002).
 */
final class PageScramble {
    private static final int ROUNDS = 3;
    private static final long SALT = 0x736372616d626cL;

    private final long pages;
    private final long mask;
    private final int shift;
    private final long[] factors = new long[ROUNDS];
    private final long[] addends = new long[ROUNDS];

    PageScramble(long pages, long seed) {
        this.pages = pages;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
        mask = bits == 0 ? 0 : -1L >>> (Long.SIZE - bits);
        shift = Math.max(1, bits / 2);
        SplitMix random = new SplitMix(seed).split(SALT);
        for (int round = 0; round < ROUNDS; round++) {
            factors[round] = random.nextLong() | 1;
            addends[round] = random.nextLong();
        }
    }

    long page(long index) {
        assert index >= 0 && index < pages : index;
        long x = index;
        do {
            for (int round = 0; round < ROUNDS; round++) {
                x = (x * factors[round] + addends[round]) & mask;
                x ^= x >>> shift;
            }
        } while (x >= pages);
        return x;
    }
}
