package io.faultline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CostProfilesTest {
    @TempDir
    private Path folder;

    private CostProfile read(String text) throws IOException {
        Path file = folder.resolve("mine.conf");
        Files.writeString(file, text);
        return CostProfiles.of(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare-2s16c", "bare-8s120c", "bare-256c", "guest-zen4-2vcpu", "guest-80vcpu"})
    void shouldShipEveryCostWithItsSource(String name) {
        CostProfile profile = CostProfiles.of(name);

        assertThat(profile.name()).isEqualTo(name);
        for (Operation operation : Operation.values()) {
            boolean hasNone = operation == Operation.IPI_FAR && profile.cpusPerSocket() == CostProfile.ONE_SOCKET;
            assertThat(profile.nanos(operation) == 0).as(operation.key()).isEqualTo(hasNone);
            assertThat(profile.cost(operation).source()).as(operation.key()).isNotBlank();
            assertThat(profile.cost(operation).tags()).as(operation.key()).isNotEmpty();
        }
    }

    /** The sums that the reference gives: all other CPUs interrupted by one of them. They are inputs of the profiles. */
    @ParameterizedTest
    @CsvSource({"bare-2s16c, 15, 6000", "bare-8s120c, 119, 80000", "guest-80vcpu, 79, 93000"})
    void shouldAddUpToTheShootdownsThatWerePublished(String name, int targets, long published) {
        CostProfile profile = CostProfiles.of(name);

        long far = IntStream.rangeClosed(1, targets).filter(cpu -> profile.isFar(0, cpu)).count();
        long sent = profile.nanos(Operation.FLUSH_CALL) + (targets - 1L) * profile.nanos(Operation.IPI_TARGET)
                + far * profile.nanos(Operation.IPI_FAR);
        long round =
                profile.nanos(Operation.IPI) + profile.nanos(Operation.IPI_ENTRY) + profile.nanos(Operation.INVLPG);
        long nanos = sent + round;

        assertThat((double) nanos).isBetween(published * 0.99, published * 1.01);
    }

    @Test
    void shouldAddUpToTheCallsThatWereMeasured() {
        CostProfile guest = CostProfiles.of("guest-zen4-2vcpu");

        assertThat(guest.nanos(Operation.COPY_CALL) + guest.nanos(Operation.COPY_PAGE)).isEqualTo(1410);
        assertThat(guest.nanos(Operation.CONTINUE_CALL) + guest.nanos(Operation.CONTINUE_PAGE)).isEqualTo(1251);
        long ownFlush = guest.nanos(Operation.FLUSH_CALL) + guest.nanos(Operation.INVLPG);
        assertThat(guest.nanos(Operation.MOVE_CALL) + guest.nanos(Operation.MOVE_PAGE) + ownFlush).isEqualTo(1020);
        assertThat(guest.nanos(Operation.MPROTECT_CALL) + guest.nanos(Operation.MPROTECT_PAGE) + ownFlush)
                .isEqualTo(1850);
        assertThat(guest.nanos(Operation.WRITEPROTECT_CALL) + guest.nanos(Operation.WRITEPROTECT_PAGE) + ownFlush)
                .isEqualTo(1280);
    }

    /** What the initiator waits for contains what is stolen from the victim. */
    @Test
    void shouldCountTheVictimsTimeWithinTheRoundThatWasMeasured() {
        CostProfile guest = CostProfiles.of("guest-zen4-2vcpu");

        assertThat(guest.nanos(Operation.IPI_ENTRY)).isEqualTo(5300);
        assertThat(guest.nanos(Operation.IPI) + guest.nanos(Operation.IPI_ENTRY)).isEqualTo(8500);
    }

    @Test
    void shouldListThemByName() {
        assertThat(CostProfiles.registry().create("bare-2s16c").nanos(Operation.IPI)).isEqualTo(2700);
        assertThat(CostProfiles.registry().all()).hasSize(5);
    }

    @Test
    void shouldReadAFileThatExtendsAShippedOne() throws IOException {
        CostProfile mine = read("""
                extends = bare-2s16c
                description = "mine"
                costs {
                  ipi = { nanos = 1500, spread = 300, source = "my own", tag = [M, I] }
                }
                """);

        assertThat(mine.cost(Operation.IPI)).isEqualTo(new Cost(1500, 300, "my own", Set.of(SourceTag.M, SourceTag.I)));
        assertThat(mine.nanos(Operation.IPI_TARGET)).isEqualTo(94);
        assertThat(mine.cpusPerSocket()).as("of the profile it extends").isEqualTo(8);
        assertThat(mine.description()).isEqualTo("mine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "costs { access = { nanos = 1, source = a, tag = M } } | the cost \"refill\" (the walk that fills one TLB entry) is missing",
        "costs { ipj = { nanos = 1, source = a, tag = M } } | the cost \"ipj\" is unknown; known are access",
        "costs { ipi = { nanos = -5, source = a, tag = M } } | nanos of the cost \"ipi\" must be from 0 to an hour, not -5",
        "costs { ipi = { nanos = 1.5, source = a, tag = M } } | nanos of the cost \"ipi\" must be whole nanoseconds, not 1.5",
        "costs { ipi = { nanos = soon, source = a, tag = M } } | nanos of the cost \"ipi\" must be a number, not soon",
        "costs { ipi = { nanos = 5000000000000, source = a, tag = M } } | must be from 0 to an hour",
        "costs { ipi = { source = a, tag = M } } | the cost \"ipi\" has no nanos",
        "costs { ipi = { nanos = 1, tag = M } } | the cost \"ipi\" must say its source",
        "costs { ipi = { nanos = 1, source = a } } | the cost \"ipi\" has no tag: one of V, A, S, R, M, I",
        "costs { ipi = { nanos = 1, source = a, tag = X } } | the tag of the cost \"ipi\" must be one of V, A, S, R, M, I, not X",
        "costs { ipi = { nanos = 1, spread = 2, source = a, tag = M } } | the spread of the cost \"ipi\" must be at most its 1 ns, not 2",
        "costs { ipi = { nanos = 1, spraed = 0, source = a, tag = M } } | the key \"spraed\" of the cost \"ipi\" is unknown",
        "costs { ipi = 7 } | the cost \"ipi\" must be like { nanos",
        "cost { } | the key \"cost\" is unknown; known are costs, cpus-per-socket, description, extends",
        "cpus-per-socket = 0 | cpus-per-socket must be at least 1, not 0",
        "cpus-per-socket = few | cpus-per-socket must be a number, not few",
        "extends = bare-1s1c | unknown cost profile \"bare-1s1c\": known are bare-2s16c",
        "costs { | is no valid HOCON"})
    void shouldRefuseWhatIsWrongByName(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidInputException.class).hasMessageContaining(message);
    }

    @Test
    void shouldRefuseAFileThatIsNotThere() {
        assertThatThrownBy(() -> CostProfiles.of("./none.conf")).isInstanceOf(InvalidInputException.class)
                .hasMessage("cost profile ./none.conf: there is no such file, or it cannot be read");
        assertThatThrownBy(() -> CostProfiles.of("bare")).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("unknown cost profile \"bare\"")
                .hasMessageContaining("guest-80vcpu");
    }

    @Test
    void shouldRefuseAProfileMadeWithoutACost() {
        assertThatThrownBy(() -> new CostProfile("mine", "mine", CostProfile.ONE_SOCKET, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profile mine has no cost for access");
        assertThat(CostProfile.FREE.isFree()).isTrue();
        assertThat(CostProfiles.of("bare-2s16c").isFree()).isFalse();
    }
}
