/** Short programs that show how to embed Faultline, one idea each. Each has a {@code main}, and a test that runs it. */
@NullMarked
package io.faultline.examples;

import org.jspecify.annotations.NullMarked;
