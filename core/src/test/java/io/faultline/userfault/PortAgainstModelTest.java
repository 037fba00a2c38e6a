package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long random sequences of everything, each answer and each page compared with {@link NaivePort}. */
class PortAgainstModelTest {
    private static final int STEPS = 15_000;
    private static final int SMALL_PAGES = 12;
    private static final int HUGE_PAGES = 3;

    private final TestKernel kernel = new TestKernel();
    private final NaivePort model = new NaivePort();
    private final List<Long> starts = new ArrayList<>();
    private long alias;
    private long shmem;
    private final Map<String, Integer> successes = new TreeMap<>();
    private SplittableRandom random = new SplittableRandom();
    private String where = "";

    private void map(Memory memory, int pages) {
        long start = kernel.map(memory, pages);
        model.map(start, memory, pages);
        starts.add(start);
        if (memory == Memory.SHMEM) {
            shmem = start;
            alias = kernel.alias(start);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAnswerAsTheNaiveModelDoes(long seed) {
        random = new SplittableRandom(seed);
        map(Memory.ANON, SMALL_PAGES);
        map(Memory.ANON, SMALL_PAGES);
        map(Memory.SHMEM, SMALL_PAGES);
        map(Memory.HUGETLB_2M, HUGE_PAGES);
        for (long start : starts) {
            step("register", model.register(start, bytesFrom(start), 3),
                    kernel.port.register(start, bytesFrom(start), 3));
        }
        for (int step = 0; step < STEPS; step++) {
            where = "seed " + seed + " step " + step;
            act(random.nextInt(100), step);
            comparePages();
        }
        assertThat(successes.values()).as("%s must not only fail: %s", where, successes).allMatch(count -> count > 20);
        assertFramesComeBack();
    }

    private void assertFramesComeBack() {
        long cached = starts.stream()
                .map(kernel::vma)
                .filter(vma -> !vma.isAnonymous())
                .mapToLong(vma -> vma.object().cachedBasePages())
                .sum();
        kernel.port.close();
        kernel.space.exit();
        assertThat(kernel.frames.freeFrames()).as(where).isEqualTo(kernel.frames.frames() - cached);
    }

    private long bytesFrom(long start) {
        NaivePage page = model.at(start);
        assert page != null : "nothing is mapped at the start of an area";
        return page.memory.pageBytes() * (page.memory.isHugetlb() ? HUGE_PAGES : SMALL_PAGES);
    }

    private void act(int dice, int step) {
        long start = address();
        long length = length(start);
        if (dice < 20) {
            copy(start, length, 10_000L * (step + 1));
        } else if (dice < 28) {
            int mode = random.nextInt(2);
            step("zeropage", model.zeropage(start, length, mode), kernel.port.zeropage(start, length, mode));
        } else if (dice < 36) {
            int mode = random.nextInt(4);
            step("continueMapping", model.continueMapping(start, length, mode),
                    kernel.port.continueMapping(start, length, mode));
        } else if (dice < 40) {
            int mode = random.nextInt(2);
            step("poison", model.poison(start, length, mode), kernel.port.poison(start, length, mode));
        } else if (dice < 50) {
            int mode = random.nextInt(4);
            step("writeProtect", model.writeProtect(start, length, mode),
                    kernel.port.writeProtect(start, length, mode));
        } else if (dice < 62) {
            long from = address();
            start = random.nextBoolean() ? starts.getFirst() + 4096L * random.nextInt(SMALL_PAGES) : start;
            int mode = random.nextInt(4);
            step("move", model.move(start, from, length, mode), kernel.port.move(start, from, length, mode));
        } else if (dice < 74) {
            boolean write = random.nextBoolean();
            assertThat(kernel.port.raise(step, start, write, step)).as(where)
                    .isEqualTo(model.raise(step, start, write));
        } else if (dice < 96) {
            otherwise(dice, start, length);
        } else {
            registration(dice, start, length);
        }
    }

    private void copy(long start, long length, long tokenBase) {
        int mode = random.nextInt(4);
        int basePages = random.nextInt(4) == 0 ? random.nextInt(8) : 4 * 512;
        PageBuffer source = PageBuffer.tokens(PageSize.SIZE_4K, basePages);
        for (int i = 0; i < basePages; i++) {
            source.token(i, tokenBase + i);
        }
        step("copy", model.copy(start, tokenBase, 4096L * basePages, length, mode),
                kernel.port.copy(start, source, 0, length, mode));
    }

    private void otherwise(int dice, long start, long length) {
        if (dice < 82) {
            readAll();
        } else if (dice < 83) {
            kernel.port.removeEvent(1, start, start + length);
            model.unreadEvents++;
        } else if (dice < 85) {
            IoctlResult result = kernel.port.wake(start, length);
            if (result.isOk()) {
                model.wake(start, start + length);
            }
            assertThat(result.isOk()).as(where).isEqualTo(start % 4096 == 0 && length % 4096 == 0 && length > 0);
            compareWoken();
        } else if (dice < 92) {
            for (NaivePage page : model.in(start, start + length)) {
                kernel.space.discard(page.address, page.memory.pageBytes());
                model.discard(page);
            }
        } else if (dice < 94) {
            NaivePage shared = model.at(shmem + 4096L * random.nextInt(SMALL_PAGES));
            assert shared != null : "the shared area is gone";
            kernel.space.punchHole(shared.address, 4096);
            shared.state = NaivePage.State.EMPTY;
            shared.protectedAgainstWrites = false;
            shared.cached = null;
        } else {
            long offset = 4096L * random.nextInt(SMALL_PAGES);
            kernel.write(alias + offset, 7_000 + dice);
            NaivePage shared = model.at(shmem + offset);
            assert shared != null : "the shared area is gone";
            shared.cached = 7_000L + dice;
            shared.token = 7_000L + dice;
        }
    }

    private void registration(int dice, long start, long length) {
        if (dice < 97) {
            step("unregister", model.unregister(start, length), kernel.port.unregister(start, length));
        } else {
            // Mostly a whole area again, or soon all of them would be patchworks that nothing fits in.
            boolean whole = random.nextInt(4) != 0;
            long first = whole ? starts.get(random.nextInt(starts.size())) : start;
            long bytes = whole ? bytesFrom(first) : length;
            int modes = whole ? (first == shmem ? 7 : 3) : random.nextInt(9);
            step("register", model.register(first, bytes, modes), kernel.port.register(first, bytes, modes));
        }
    }

    private void readAll() {
        UserfaultMessages messages = kernel.read();
        List<String> expected = new ArrayList<>();
        model.unread.forEach(waiting -> expected.add(waiting.toString()));
        for (int i = 0; i < model.unreadEvents; i++) {
            expected.add("event");
        }
        List<String> found = new ArrayList<>();
        for (int i = 0; i < messages.count(); i++) {
            found.add(
                    messages.isFault(i)
                            ? new NaivePort.Waiting(messages.thread(i), messages.address(i), messages.flags(i))
                                    .toString()
                            : "event");
        }
        assertThat(found).as(where).isEqualTo(expected.subList(0, Math.min(256, expected.size())));
        model.unreadEvents = expected.size() <= 256 ? 0 : model.unreadEvents;
        model.unread.subList(0, Math.min(256, model.unread.size())).clear();
    }

    private void step(String operation, IoctlResult expected, IoctlResult answer) {
        assertThat(answer).as("%s %s", where, operation).isEqualTo(expected);
        successes.merge(operation, answer.isOk() ? 1 : 0, Integer::sum);
        compareWoken();
    }

    private void compareWoken() {
        assertThat(kernel.sink.take()).as(where).containsExactlyInAnyOrderElementsOf(model.woken);
        model.woken.clear();
        assertThat(kernel.port.waiters()).as(where).isEqualTo(model.waiting.size());
    }

    private void comparePages() {
        for (NaivePage page : model.pages.values()) {
            long entry = kernel.entry(page.address);
            assertThat(state(entry)).as("%s at 0x%x: %s", where, page.address, Entry.describe(entry))
                    .isEqualTo(page.state);
            if (page.state == NaivePage.State.PRESENT) {
                assertThat(kernel.token(page.address)).as("%s at 0x%x", where, page.address).isEqualTo(page.token);
                assertThat(Entry.isUffdWp(entry)).as(where).isEqualTo(page.protectedAgainstWrites);
                assertThat(Entry.isWritable(entry)).as(where).isEqualTo(!page.protectedAgainstWrites);
            }
        }
    }

    private static NaivePage.State state(long entry) {
        if (Entry.isPresent(entry)) {
            return NaivePage.State.PRESENT;
        }
        if (Entry.isPoison(entry)) {
            return NaivePage.State.POISON;
        }
        return Entry.isUffdWpMarker(entry) ? NaivePage.State.MARKER : NaivePage.State.EMPTY;
    }

    /** Mostly the start of a page; now and then inside one, or before or after all that is mapped. */
    private long address() {
        long start = starts.get(random.nextInt(starts.size()));
        long pageBytes = start == starts.getLast() ? PageSize.SIZE_2M.bytes() : 4096;
        int pages = start == starts.getLast() ? HUGE_PAGES : SMALL_PAGES;
        long address = start + pageBytes * random.nextInt(pages);
        return switch (random.nextInt(40)) {
            case 0 -> address + 4096;
            case 1 -> address + 100;
            case 2 -> start - 4096;
            default -> address;
        };
    }

    /** Mostly a few pages; now and then ill-sized, or past the end of the area. */
    private long length(long start) {
        long pageBytes = start >= starts.getLast() ? PageSize.SIZE_2M.bytes() : 4096;
        return switch (random.nextInt(40)) {
            case 0 -> 0;
            case 1 -> pageBytes + 8;
            case 2 -> 20 * pageBytes;
            default -> pageBytes * (1 + random.nextInt(4) * random.nextInt(2));
        };
    }
}
