package io.faultline.cost;

/** How far a figure can be trusted: how whoever wrote it down came to it. */
public enum SourceTag {
    /** Verified: read in the source, the commit or the mailing list. */
    V,
    /** From a paper's abstract or a cover letter. */
    A,
    /** Second-hand notes. */
    S,
    /** Recalled, not verified. */
    R,
    /** Measured. */
    M,
    /** Inferred from other figures. */
    I
}
