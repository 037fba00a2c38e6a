package io.faultline.flush;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What a policy may do that strict flushing would not. What lies outside is flushed before the requester goes on.
 *
 * @param kinds the changes whose flush may come after {@link InitiatorPort#complete}
 * @param kindsIfReadOnly the changes of which that holds only when no page was writable or dirty
 * @param directions of a {@link ChangeKind#MOVE}, which of them; without effect on other kinds
 * @param staleness how old a stale translation may become
 * @param exemptions from the oracle's invariants
 */
public record FlushContract(
        Set<ChangeKind> kinds,
        Set<ChangeKind> kindsIfReadOnly,
        Set<Direction> directions,
        Staleness staleness,
        Set<Exemption> exemptions) {

    /** Nothing may be deferred. */
    public static final FlushContract STRICT =
            new FlushContract(Set.of(), Set.of(), new Staleness.None(), Set.of());

    /** What the oracle must not complain of. */
    public enum Exemption {
        /** A frame may go back to the same address space while translations of it live that cannot write (LUF). */
        REUSE_BY_SAME_OWNER_IF_READ_ONLY,
        /**
         * Nobody but the trusted monitor can reach the source of a move INTO_APP, and it does not until the flush. Its
         * stale translations do no harm to the frames, wherever these go; one that is used after all does.
         */
        MOVE_SOURCE_UNREACHABLE
    }

    /** How long after a change a translation older than it may still be used. */
    public sealed interface Staleness {
        /** Not once the requester was told "done". */
        record None() implements Staleness {}

        /**
         * Within a time.
         *
         * @param limitNanos from the completion until the flush begins; what that takes comes on top
         */
        record Within(long limitNanos) implements Staleness {}

        /**
         * Until every CPU has ticked or switched so often.
         *
         * @param ticks per CPU
         */
        record Ticks(int ticks) implements Staleness {}

        /** Until the frame or the range is wanted again. */
        record UntilReuse() implements Staleness {}

        /**
         * Joins the bounds of two policies that work one over the other.
         *
         * @param other bound
         * @return the one that both keep; bounds of different kinds have none in common but the reuse
         */
        default Staleness join(Staleness other) {
            if (other instanceof None || equals(other)) {
                return this;
            }
            return switch (this) {
                case None() -> other;
                case Within(long limitNanos) when other instanceof Within(long otherNanos) ->
                        new Within(Math.max(limitNanos, otherNanos));
                case Ticks(int ticks) when other instanceof Ticks(int otherTicks) ->
                        new Ticks(Math.max(ticks, otherTicks));
                case Within _,Ticks _,UntilReuse _ -> new UntilReuse();
            };
        }
    }

    /** Keeps the sets from changing, and in one order. */
    public FlushContract {
        kinds = sorted(kinds, ChangeKind.class);
        kindsIfReadOnly = sorted(kindsIfReadOnly, ChangeKind.class);
        directions = sorted(directions, Direction.class);
        exemptions = sorted(exemptions, Exemption.class);
    }

    /**
     * Declares what may be deferred whether it was writable or not.
     *
     * @param kinds the changes whose flush may come after {@link InitiatorPort#complete}
     * @param directions of a {@link ChangeKind#MOVE}, which of them
     * @param staleness how old a stale translation may become
     * @param exemptions from the oracle's invariants
     */
    public FlushContract(
            Set<ChangeKind> kinds, Set<Direction> directions, Staleness staleness, Set<Exemption> exemptions) {
        this(kinds, Set.of(), directions, staleness, exemptions);
    }

    /** {@return whether the request's flush may come after its completion} */
    public boolean mayDefer(FlushRequest request) {
        return !request.synchronous()
                && !request.tablesFreed()
                && (kinds.contains(request.kind())
                        || (kindsIfReadOnly.contains(request.kind()) && request.pagesWritable() == 0))
                && (request.kind() != ChangeKind.MOVE || directions.contains(request.direction()));
    }

    /**
     * Makes the contract of a policy that wraps another.
     *
     * @param inner the wrapped policy's
     * @return what either may do
     */
    public FlushContract over(FlushContract inner) {
        return new FlushContract(union(kinds, inner.kinds), union(kindsIfReadOnly, inner.kindsIfReadOnly),
                union(directions, inner.directions), staleness.join(inner.staleness),
                union(exemptions, inner.exemptions));
    }

    /** {@return whether the exemption was declared} */
    public boolean isExempt(Exemption exemption) {
        return exemptions.contains(exemption);
    }

    private static <E> Set<E> union(Set<E> first, Set<E> second) {
        var both = new HashSet<>(first);
        both.addAll(second);
        return both;
    }

    private static <E extends Enum<E>> Set<E> sorted(Set<E> elements, Class<E> type) {
        var set = EnumSet.noneOf(type);
        set.addAll(elements);
        return Collections.unmodifiableSet(set);
    }
}
