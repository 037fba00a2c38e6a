package io.faultline.ring;

import io.faultline.registry.InvalidInputException;
import io.faultline.userfault.FaultKind;

/** The resolution policies that come with Faultline. All are stateless. */
public final class ResolutionPolicies {
    private ResolutionPolicies() {}

    /** Missing pages are fetched and copied; removed ones are zero; minor faults continue; protected pages open up. */
    public static ResolutionPolicy fetchAndCopy() {
        return new Standard("fetch-and-copy", Resolution.COPY, 0);
    }

    /** Missing pages are zero, without asking any source. */
    public static ResolutionPolicy zeroFill() {
        return new Standard("zero-fill", Resolution.ZEROPAGE, 0);
    }

    /**
     * As {@link #fetchAndCopy()}, and up to {@code pages} absent pages behind each missing one are fetched with it.
     *
     * @throws InvalidInputException
     *             when {@code pages} is negative
     */
    public static ResolutionPolicy prefetch(int pages) {
        if (pages < 0) {
            throw new InvalidInputException("prefetch window of " + pages + " pages: it must be 0 or more");
        }
        return new Standard("prefetch:" + pages, Resolution.COPY, pages);
    }

    private record Standard(String name, Resolution missing, int prefetchPages) implements ResolutionPolicy {
        @Override
        public Resolution decide(FaultKind kind, long page, boolean write, boolean removed) {
            return switch (kind) {
                case MISSING -> removed ? Resolution.ZEROPAGE : missing;
                case MINOR -> Resolution.CONTINUE;
                case WRITE_PROTECT -> Resolution.UNPROTECT;
            };
        }
    }
}
