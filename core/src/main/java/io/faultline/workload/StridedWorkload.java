package io.faultline.workload;

import java.math.BigInteger;

import io.faultline.registry.InvalidInputException;

/**
 * Every vCPU goes on by a fixed number of pages, round and round the memory. When a round comes back to the page it
 * began with, the next one begins one page further, so the strides meet every page once before any page twice; this
 * order of all pages is dealt to the vCPUs in contiguous shares, as {@code sequential} deals the pages.
 *
 * @param stride in pages, at least 1
 */
record StridedWorkload(long stride) implements Workload {
    StridedWorkload {
        if (stride < 1) {
            throw new InvalidInputException("the stride must be at least 1 page, not " + stride);
        }
    }

    @Override
    public String name() {
        return "strided:" + stride;
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        return new Stride(stride % shape.pages(), shape, vcpu);
    }

    private static final class Stride extends DealtSequence {
        private final long pages;
        private final long step;
        /** How many strides make a round: after so many the page is the round's first again. */
        private final long round;
        private final long first;
        private final long end;
        private final long firstPage;
        private long position;
        private long page;

        Stride(long step, WorkloadShape shape, int vcpu) {
            super(shape, vcpu);
            this.step = step;
            pages = shape.pages();
            round = pages / greatestCommonDivisor(pages, step);
            first = shape.firstPageOf(vcpu);
            end = first + shape.pagesOf(vcpu);
            firstPage = pageAt(first);
            position = first;
            page = firstPage;
        }

        @Override
        protected long nextPage() {
            long current = page;
            position++;
            if (position == end) {
                position = first;
                page = firstPage;
            } else if (position % round == 0) {
                page = position / round;
            } else {
                // Written so that it cannot overflow, however large the memory.
                page = page >= pages - step ? page - (pages - step) : page + step;
            }
            return current;
        }

        /** With big numbers, because the product may overflow; called once per vCPU. */
        private long pageAt(long position) {
            return BigInteger.valueOf(position % round)
                    .multiply(BigInteger.valueOf(step))
                    .mod(BigInteger.valueOf(pages))
                    .longValueExact() + position / round;
        }

        private static long greatestCommonDivisor(long a, long b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }
    }
}
