package io.faultline.bench.paging;

import java.util.Map;
import java.util.OptionalDouble;

import io.faultline.paging.PagingVariant;

/**
 * What was measured on real hardware: pages a second over all vCPUs.
 *
 * <p>One userfaultfd and exits: A. Moorthy's cover letter "Improve KVM + userfaultfd live migration via annotated memory
 * faults", {@code demand_paging_test -a -v n -r n} on a 256-core machine. A userfaultfd per vCPU: the rates per vCPU
 * that were given in the same thread, times the vCPUs.
 */
public final class PublishedRates {
    private static final double THOUSAND = 1e3;
    private static final Map<Integer, Double> ONE = Map.of(1, 150., 4, 210., 16, 130., 64, 86.);
    private static final Map<Integer, Double> EXITS = Map.of(1, 340., 4, 809., 16, 1595., 64, 3482.);
    private static final Map<Integer, Double> EACH_PER_VCPU =
            Map.of(1, 180., 2, 85., 4, 80., 8, 39., 16, 18., 32, 8., 64, 4., 128, 1., 256, 1.);

    private PublishedRates() {}

    /** {@return the rate published for so many vCPUs, if there is one} */
    public static OptionalDouble pagesPerSecond(PagingVariant variant, int vcpus) {
        Double thousands = switch (variant) {
            case ONE_USERFAULTFD -> ONE.get(vcpus);
            case EXITS -> EXITS.get(vcpus);
            case USERFAULTFD_PER_VCPU -> {
                Double perVcpu = EACH_PER_VCPU.get(vcpus);
                yield perVcpu == null ? null : Double.valueOf(perVcpu * vcpus);
            }
        };
        return thousands == null ? OptionalDouble.empty() : OptionalDouble.of(thousands * THOUSAND);
    }
}
