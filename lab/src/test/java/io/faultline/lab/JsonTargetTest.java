package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTargetTest {
    private static final PrintStream NO_STREAM = new PrintStream(java.io.OutputStream.nullOutputStream());

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldLeaveNothingBehindWhenItTriesTheFile() {
        JsonTarget.of("--json", folder.resolve("report.json").toString());

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldLeaveAnOldReportAsItWasUntilThereIsANewOne() throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), "old");

        JsonTarget target = JsonTarget.of("--json", file.toString());
        assertThat(file).hasContent("old");
        target.write("new", NO_STREAM);

        assertThat(file).hasContent("new");
        assertThat(folder.toFile().list()).containsExactly("report.json");
    }

    @Test
    void shouldKeepALinkAndReplaceWhatItPointsTo() throws IOException {
        Path file = Files.writeString(folder.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);

        JsonTarget.of("--json", link.toString()).write("new", NO_STREAM);

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
    }

    @Test
    void shouldWriteToADeviceInsteadOfReplacingIt() throws IOException {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "no /dev/null on this system");

        JsonTarget target = JsonTarget.of("--json", device.toString());
        target.write("{}", NO_STREAM);

        assertThat(OutputFile.of("--json", device.toString()).device()).isTrue();
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    @Test
    void shouldRefuseAFileInAFolderThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> JsonTarget.of("--json", file.resolve("report.json").toString()))
                .withMessageContaining("--json: cannot write")
                .withMessageContaining("there is no directory");
    }

    @Test
    void shouldRefuseAFileOnASystemThatTakesNone() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc on this system");

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> JsonTarget.of("--json", "/proc/self/report.json"))
                .withMessageContaining("--json: cannot write \"/proc/self/report.json\"");
    }

    @Test
    void shouldLeaveNothingHalfWrittenWhenTheFolderIsGone() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        JsonTarget target = JsonTarget.of("--json", gone.resolve("report.json").toString());
        Files.delete(gone);

        assertThatIOException().isThrownBy(() -> target.write("{}", NO_STREAM));
        assertThat(folder).isEmptyDirectory();
    }
}
