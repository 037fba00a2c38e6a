package io.faultline.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;

import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipfTest {
    private static double[] probabilities(int count, double exponent) {
        var probabilities = new double[count];
        for (int k = 1; k <= count; k++) {
            probabilities[k - 1] = Math.pow(k, -exponent);
        }
        double sum = Arrays.stream(probabilities).sum();
        return Arrays.stream(probabilities).map(p -> p / sum).toArray();
    }

    private static long[] draw(int count, double exponent, long seed, int draws) {
        var ranks = new ZipfRanks(count, exponent);
        var random = new SplitMix(seed);
        var counts = new long[count];
        for (int i = 0; i < draws; i++) {
            counts[Math.toIntExact(ranks.next(random)) - 1]++;
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"2,1,1", "3,0.5,2", "10,1,3", "10,1.000000001,4", "100,0.01,5", "1000,0.8,6", "1000,1,7",
        "1000,1.1,8", "5000,2,9", "50,5,10"})
    void shouldDrawRanksByTheirExactProbabilities(int count, double exponent, long seed) {
        long[] counts = draw(count, exponent, seed, 300_000);

        assertThat(ChiSquare.deviations(counts, probabilities(count, exponent))).as("seed %d", seed)
                .isBetween(-4.5, 4.5);
    }

    @Test
    void shouldBeToldFromASlightlyDifferentExponent() {
        // The test of the test: the bound above fails for a distribution that is only a little off.
        long[] counts = draw(1000, 1.02, 7, 300_000);

        assertThat(ChiSquare.deviations(counts, probabilities(1000, 1))).isGreaterThan(4.5);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,0.5", "1,100", "1000,100"})
    void shouldStayWithTheFirstRankWhenThereIsNoOther(int count, double exponent) {
        assertThat(draw(count, exponent, 1, 1_000)[0]).isEqualTo(1_000);
    }

    @ParameterizedTest
    @CsvSource({"0.000001", "0.5", "1", "1.5", "100"})
    void shouldStayWithinTheLargestMemory(double exponent) {
        long count = 1L << 40;
        var ranks = new ZipfRanks(count, exponent);
        var random = new SplitMix(3);
        for (int i = 0; i < 10_000; i++) {
            assertThat(ranks.next(random)).isBetween(1L, count);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "3,7", "64,2", "65,3", "1000,4", "4097,5"})
    void shouldScrambleEveryPageToAnother(int pages, long seed) {
        var scramble = new PageScramble(pages, seed);
        var met = new BitSet(pages);
        for (int page = 0; page < pages; page++) {
            met.set(Math.toIntExact(scramble.page(page)));
        }
        assertThat(met.cardinality()).as("seed %d", seed).isEqualTo(pages);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5"})
    void shouldSpreadHotPagesOverTheMemslots(long seed) {
        int pages = 64 * 1024;
        var scramble = new PageScramble(pages, seed);
        var perMemslot = new long[64];
        int hot = 6_400;
        for (int rank = 0; rank < hot; rank++) {
            perMemslot[Math.toIntExact(scramble.page(rank) / 1024)]++;
        }
        // A hundred each on average; a random choice strays by more than sixty about once in 10^8.
        assertThat(Arrays.stream(perMemslot)).as("seed %d", seed).allMatch(count -> count > 40 && count < 160);
    }

    @Test
    void shouldHaveTheSameHotPagesOnEveryVcpuAndOthersWithAnotherSeed() {
        var workload = Workloads.zipf(1.5);
        long hottest = hottestPage(workload, new WorkloadShape(2, 10_000, 20_000, 0, 1), 0);

        assertThat(hottestPage(workload, new WorkloadShape(2, 10_000, 20_000, 0, 1), 1)).isEqualTo(hottest);
        assertThat(hottestPage(workload, new WorkloadShape(2, 10_000, 20_000, 0, 2), 0)).isNotEqualTo(hottest);
    }

    private static long hottestPage(Workload workload, WorkloadShape shape, int vcpu) {
        var counts = new int[Math.toIntExact(shape.pages())];
        AccessSequence sequence = workload.sequence(shape, vcpu);
        int hottest = 0;
        while (sequence.next()) {
            int page = Math.toIntExact(sequence.page());
            counts[page]++;
            hottest = counts[page] > counts[hottest] ? page : hottest;
        }
        return hottest;
    }
}
