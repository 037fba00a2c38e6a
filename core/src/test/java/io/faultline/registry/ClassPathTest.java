package io.faultline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathTest {
    /** Can be made. */
    public static final class Good implements Supplier<String> {
        @Override
        public String get() {
            return "made";
        }
    }

    /** Needs something. */
    public record Needs(String get) implements Supplier<String> {}

    /** Cannot be made. */
    public static final class Fails implements Supplier<String> {
        /** Fails. */
        public Fails() {
            throw new IllegalStateException("no way");
        }

        @Override
        public String get() {
            return "never";
        }
    }

    /** Is not whole. */
    public abstract static class Half implements Supplier<String> {}

    @Test
    void shouldMakeWhatIsNamed() {
        assertThat(ClassPath.create("thing", Good.class.getName(), Supplier.class).get()).isEqualTo("made");
    }

    @ParameterizedTest
    @CsvSource({
        "com.acme.Nowhere, no such class",
        "java.lang.String, no java.util.function.Supplier",
        "io.faultline.registry.ClassPathTest$Half, no java.util.function.Supplier that can be made",
        "io.faultline.registry.ClassPathTest$Needs, without parameters",
        "io.faultline.registry.ClassPathTest$Fails, no way"
    })
    void shouldSayInOneLineWhyItCannot(String name, String reason) {
        assertThatThrownBy(() -> ClassPath.create("thing", name, Supplier.class))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("thing \"" + name + "\"")
                .hasMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.acme.MyRace", "MyRace", "com.acme.Outer$MyRace"})
    void shouldKnowAClassByItsLook(String text) {
        assertThat(ClassPath.looksLikeClass(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eexist-taken-for-woken", "all", "ring:size=1.5", ""})
    void shouldTakeNothingElseForAClass(String text) {
        assertThat(ClassPath.looksLikeClass(text)).isFalse();
    }
}
