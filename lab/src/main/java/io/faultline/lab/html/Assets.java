package io.faultline.lab.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What every page carries: the style, the script that draws, and the library it draws with. */
final class Assets {
    static final String STYLE = read("page.css");
    static final String SCRIPT = read("page.js");
    /** Taken from its WebJar by the build. */
    static final String ECHARTS = read("echarts.min.js");
    /** As a content security policy names them. */
    static final String SCRIPT_HASHES = hash(ECHARTS) + " " + hash(SCRIPT);

    private Assets() {}

    private static String read(String name) {
        try (InputStream stream = Assets.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing beside " + Assets.class + ": build with Maven");
            }
            // Browsers read line breaks so, and take the hash of what they read.
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    private static String hash(String code) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
