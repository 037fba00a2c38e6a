package io.faultline.linux.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/** What the C headers of this machine say of expressions; skips the test where there is no C compiler. */
public final class CHeaders {
    private static final long COMPILE_SECONDS = 60;

    private CHeaders() {}

    /**
     * Evaluates integer expressions.
     *
     * @param headers what to include
     * @param expressions C expressions; one that begins with a macro these headers lack is left out of the answer
     * @param folder for the program
     */
    public static Map<String, Long> evaluate(List<String> headers, Iterable<String> expressions, Path folder)
            throws IOException, InterruptedException {
        boolean isOurs = System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
        Assumptions.assumeTrue(isOurs, "the numbers are those of Linux on x86-64");
        StringBuilder program = new StringBuilder("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n");
        headers.forEach(header -> program.append("#include <").append(header).append(">\n"));
        program.append("int main(void) {\n");
        for (String expression : expressions) {
            boolean isMacro = expression.matches("[A-Z_0-9]+");
            program.append(isMacro ? "#ifdef " + expression + "\n" : "")
                    .append("printf(\"%s=%lld\\n\", \"")
                    .append(expression)
                    .append("\", (long long) (")
                    .append(expression)
                    .append("));\n")
                    .append(isMacro ? "#endif\n" : "");
        }
        program.append("return 0; }\n");
        Path source = Files.writeString(folder.resolve("headers.c"), program);
        Path binary = folder.resolve("headers");
        String compiled = run(List.of("cc", "-o", binary.toString(), source.toString()));
        boolean isLacking = compiled.contains("No such file or directory");
        Assumptions.assumeFalse(isLacking, "no C compiler with the kernel's headers here: " + compiled);
        assertThat(binary).as(compiled).exists();
        Map<String, Long> values = new LinkedHashMap<>();
        for (String line : run(List.of(binary.toString())).lines().toList()) {
            int equals = line.lastIndexOf('=');
            values.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 1)));
        }
        return values;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return String.valueOf(missing.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return output;
    }
}
