package io.faultline.workload;

/** Every vCPU walks the pages of its own contiguous share in order, and again from its beginning. */
record SequentialWorkload() implements Workload {
    @Override
    public String name() {
        return "sequential";
    }

    @Override
    public AccessSequence sequence(WorkloadShape shape, int vcpu) {
        return new Walk(shape, vcpu);
    }

    private static final class Walk extends DealtSequence {
        private final long first;
        private final long end;
        private long upcoming;

        Walk(WorkloadShape shape, int vcpu) {
            super(shape, vcpu);
            first = shape.firstPageOf(vcpu);
            end = first + shape.pagesOf(vcpu);
            upcoming = first;
        }

        @Override
        protected long nextPage() {
            long page = upcoming++;
            if (upcoming == end) {
                upcoming = first;
            }
            return page;
        }
    }
}
