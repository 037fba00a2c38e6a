package io.faultline.verify;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * What one shard of the readers has verified, and the scratch page they compare with. Not thread-safe: each shard owns
 * one, and they are added up at the end.
 */
public final class VerificationTally {
    /** How many corruptions are described; the others are counted. */
    public static final int DESCRIBED = 8;

    private long verified;
    private long verifiedWhole;
    private long corrupt;
    private long unverifiable;
    private @Nullable String unverifiableReason;
    private final List<Corruption> described = new ArrayList<>(0);
    private @Nullable PageBuffer scratch;

    /** Returns how many reads saw what they must, whole pages included. */
    public long verified() {
        return verified;
    }

    /** Returns how many of the verified reads compared all of the page's bytes. */
    public long verifiedWhole() {
        return verifiedWhole;
    }

    /** Returns how many reads saw something wrong. */
    public long corrupt() {
        return corrupt;
    }

    /** Returns how many reads could not be verified because the source did not say what is right. */
    public long unverifiable() {
        return unverifiable;
    }

    /** Returns why the first read that could not be verified could not, or null when all could. */
    public @Nullable String unverifiableReason() {
        return unverifiableReason;
    }

    /** Returns the first corruptions, at most {@link #DESCRIBED}. */
    public List<Corruption> corruptions() {
        return List.copyOf(described);
    }

    /**
     * Adds another shard's counts and descriptions to this one's.
     *
     * @param other no longer in use by its shard
     */
    public void add(VerificationTally other) {
        verified += other.verified;
        verifiedWhole += other.verifiedWhole;
        corrupt += other.corrupt;
        unverifiable += other.unverifiable;
        if (unverifiableReason == null) {
            unverifiableReason = other.unverifiableReason;
        }
        other.described.stream().limit(DESCRIBED - described.size()).forEach(described::add);
    }

    void countVerified(boolean whole) {
        verified++;
        if (whole) {
            verifiedWhole++;
        }
    }

    void countUnverifiable(@Nullable String reason) {
        unverifiable++;
        if (unverifiableReason == null) {
            unverifiableReason = reason;
        }
    }

    /** Tells whether the next corruption is worth describing. */
    boolean wantsDescription() {
        return described.size() < DESCRIBED;
    }

    void countCorrupt() {
        corrupt++;
    }

    void describe(Corruption corruption) {
        described.add(corruption);
    }

    /** One base page, made when first needed: most shards of a machine of a million vCPUs never need it. */
    PageBuffer scratch(boolean tokens) {
        PageBuffer page = scratch;
        if (page == null) {
            page = tokens ? PageBuffer.tokens(PageSize.SIZE_4K, 1) : PageBuffer.bytes(PageSize.SIZE_4K, 1);
            scratch = page;
        }
        assert page.isTokens() == tokens : "a tally verifies memory of one kind";
        return page;
    }
}
