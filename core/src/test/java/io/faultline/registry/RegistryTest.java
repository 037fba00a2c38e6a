package io.faultline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;

import io.faultline.units.Durations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryTest {
    private enum Fill {
        ERROR, ALL_ZERO
    }

    private static final Registry<String> REGISTRY = new Registry<>("flush policy", List.of(
            Registration.plain("strict", "waits for every CPU", "strict!"),
            new Registration<>("ring", "a virtual-range ring", List.of("size", "timeout", "load"),
                    p -> p.name() + " " + p.getLong("size", 64, 1, 4096) + " "
                            + p.getParsed("timeout", 1_000, Durations::parseNanos) + " "
                            + p.getDouble("load", 0.5, 0, 1)),
            new Registration<>("image", "a file", List.of("path", "fill"),
                    p -> p.requireText("path", "FILE") + " " + p.getChoice("fill", Fill.ERROR))));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "strict                              | strict!",
        "ring                                | ring 64 1000 0.5",
        "ring:7                              | ring 7 1000 0.5",
        "ring:size=7                         | ring 7 1000 0.5",
        "ring:timeout=1ms,size=7             | ring 7 1000000 0.5",
        "ring:7,timeout=1ms                  | ring 7 1000000 0.5",
        "ring:7:load=0.25                    | ring 7 1000 0.25",
        "image:/a/b                          | /a/b ERROR",
        "image:/odd:name,with,commas,fill=all-zero | /odd:name,with,commas ALL_ZERO",
        "image:path=/a=b:c,fill=error        | /a=b:c ERROR"})
    void shouldCreateWhatTheTextNames(String text, String expected) {
        assertThat(REGISTRY.create(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "rings             | unknown flush policy \"rings\": known are strict, ring, image",
        "''                | unknown flush policy \"\": known are strict, ring, image",
        "ring:depth=3      | flush policy \"ring:depth=3\": unknown key \"depth\": known are size, timeout, load",
        "strict:1          | flush policy \"strict:1\": strict takes no parameters, not \"1\"",
        "strict:a=1        | flush policy \"strict:a=1\": unknown key \"a\": strict takes no parameters",
        "ring:             | flush policy \"ring:\": size has no value",
        "ring:size=        | flush policy \"ring:size=\": size has no value",
        "ring:7,size=8     | flush policy \"ring:7,size=8\": size is given twice",
        "ring:7,           | flush policy \"ring:7,\": size must be a whole number of 1 to 4096, not \"7,\"",
        "ring:-1           | flush policy \"ring:-1\": size must be a whole number of 1 to 4096, not \"-1\"",
        "ring:x            | flush policy \"ring:x\": size must be a whole number of 1 to 4096, not \"x\"",
        "ring:load=NaN     | flush policy \"ring:load=NaN\": load must be a number of 0.0 to 1.0, not \"NaN\"",
        "ring:load=x       | flush policy \"ring:load=x\": load must be a number of 0.0 to 1.0, not \"x\"",
        "image             | flush policy \"image\": path is missing: write image:path=FILE",
        "image:a,fill=hole | flush policy \"image:a,fill=hole\": fill must be one of error, all-zero, not \"hole\""})
    void shouldSayInOneLineWhatIsWrong(String text, String message) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> REGISTRY.create(text))
                .withMessage(message);
    }

    @Test
    void shouldNameTheKeyWhenAParserRefusesTheValue() {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> REGISTRY.create("ring:timeout=5"))
                .withMessageStartingWith("flush policy \"ring:timeout=5\": timeout: \"5\" has no unit");
    }

    @Test
    void shouldListInOrderOfRegistrationAndExtendWithoutChangingItself() {
        Registry<String> extended = REGISTRY.with(Registration.plain("own", "mine", "own!"));

        assertThat(extended.all()).extracting(Registration::name).containsExactly("strict", "ring", "image", "own");
        assertThat(extended.create("own")).isEqualTo("own!");
        assertThat(REGISTRY.all()).hasSize(3);
    }

    @Test
    void shouldRefuseRegistrationsThatCannotBeTypedOrListed() {
        assertThatIllegalArgumentException().isThrownBy(() -> Registration.plain("Ring", "x", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Registration.plain("ring", "two\nlines", ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Registration<>("ring", "x", List.of("a=b"), p -> ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> REGISTRY.with(Registration.plain("ring", "again", "")));
    }

    @Test
    void shouldTellThePolicysAuthorWhenAKeyIsNotDeclared() {
        var wrong = new Registry<>("policy", List.of(
                new Registration<>("p", "asks for a key it does not have", List.of("a"), p -> p.getText("b", ""))));

        assertThatIllegalArgumentException().isThrownBy(() -> wrong.create("p")).withMessageContaining("b");
    }
}
