package io.faultline.lab.sweep;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;

/** Tells one sweep from another: by its plan, and by what the profiles said when it was begun, which may be files. */
final class SweepIdentity {
    private SweepIdentity() {}

    static String of(SweepMatrix matrix) {
        StringBuilder text = new StringBuilder(matrix.plan().toString());
        for (String name : matrix.plan().profiles()) {
            CostProfile profile = matrix.profile(name);
            for (Operation operation : Operation.values()) {
                Cost cost = profile.cost(operation);
                text.append('\n')
                        .append(operation.key())
                        .append(' ')
                        .append(cost.nanos())
                        .append(' ')
                        .append(cost.spreadNanos());
            }
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
