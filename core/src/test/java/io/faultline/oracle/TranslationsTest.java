package io.faultline.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranslationsTest {
    private record Held(int cpu, long page, long frame) {
        boolean overlaps(int asid, long start, long end) {
            long address = Translations.address(page);
            return Translations.asid(page) == asid
                    && address < end
                    && address + (1L << Translations.shift(Translations.sizeIndex(page))) > start;
        }

        boolean leadsTo(long first, long basePages) {
            return frame < first + basePages && frame + Translations.basePages(Translations.sizeIndex(page)) > first;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldFindWhatAPlainListFinds(long seed) {
        var random = new SplitMix(seed);
        var translations = new Translations();
        List<Held> model = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            int size = random.nextInt(3);
            int asid = random.nextInt(2);
            long address = (long) random.nextInt(40) << Translations.shift(size);
            if (random.nextInt(3) > 0) {
                var held = new Held(random.nextInt(4), Translations.page(asid, address, size),
                        random.nextInt(8) * Translations.basePages(size));
                if (translations.find(held.cpu(), held.page()) == Translations.NONE) {
                    translations.add(held.cpu(), held.page(), held.frame(), false, step, step);
                    model.add(held);
                }
            } else if (!model.isEmpty()) {
                var gone = model.remove(random.nextInt(model.size()));
                translations.remove(translations.find(gone.cpu(), gone.page()));
            }
            long end = address + ((1L + random.nextInt(3)) << Translations.shift(random.nextInt(3)));
            long frame = random.nextInt(2000);
            long basePages = 1L + random.nextInt(600);
            assertThat(held(translations, translations.inRange(asid, address, end))).as("seed %d, step %d", seed, step)
                    .containsExactlyInAnyOrderElementsOf(
                            model.stream().filter(each -> each.overlaps(asid, address, end)).toList());
            assertThat(held(translations, translations.ofFrames(frame, basePages))).as("seed %d, step %d", seed, step)
                    .containsExactlyInAnyOrderElementsOf(
                            model.stream().filter(each -> each.leadsTo(frame, basePages)).toList());
            assertThat(translations.live()).isEqualTo(model.size());
        }
    }

    private static List<Held> held(Translations translations, int[] slots) {
        return Arrays.stream(slots)
                .mapToObj(slot -> new Held(translations.cpu(slot), translations.page(slot), translations.frame(slot)))
                .toList();
    }
}
