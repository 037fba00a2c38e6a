package io.faultline.lab;

import java.util.LinkedHashMap;
import java.util.Map;

import io.faultline.machine.MachineSpec;
import io.faultline.workload.WorkloadShape;

/** A stress run's options as the report shows them: all that have a value, defaults included, without output paths. */
final class ShownOptions {
    private final Map<String, Object> shown = new LinkedHashMap<>();

    private ShownOptions() {}

    /** In the order of the help, named as on the command line without the dashes. */
    static Map<String, Object> of(StressOptions options, StressPlan plan) {
        ShownOptions all = new ShownOptions();
        all.where(options, plan.machine());
        all.what(options, plan.shape());
        all.from(options, plan);
        return all.shown;
    }

    private void where(StressOptions options, MachineSpec machine) {
        shown.put("world", options.world);
        shown.put("vcpus", machine.vcpus());
        if (!options.world.equals("linux")) {
            shown.put("cpus", machine.cpus());
        }
        shown.put("memory", machine.memory().toString());
        shown.put("memslots", machine.memslots());
        shown.put("page", options.page);
        shown.put("handlers", machine.handlers());
        shown.put("fetchers", machine.fetchers());
        shown.put("userfaultfds", options.userfaultfds);
        shown.put("contents", options.contents);
        if (!options.world.equals("linux")) {
            shown.put("tlb", machine.tlbEntries());
        } else {
            shown.put("spin", options.spin == null ? "0us" : options.spin);
        }
    }

    private void what(StressOptions options, WorkloadShape shape) {
        shown.put("access", options.access);
        if (options.duration == null || options.accesses != null) {
            shown.put("accesses", shape.accesses());
        }
        if (options.duration != null) {
            shown.put("duration", options.duration);
        }
        shown.put("write-ratio", shape.writeRatio());
        shown.put("resolve", options.resolve);
        shown.put("fetch-timeout", options.fetchTimeout);
        shown.put("arrival", options.arrival);
    }

    private void from(StressOptions options, StressPlan plan) {
        if (plan.world() instanceof WorldChoice.Virtual) {
            shown.put("schedule", options.schedule == null ? "random" : options.schedule);
        }
        if (options.profile != null) {
            shown.put("profile", options.profile);
        }
        shown.put("oracle", OptionValue.written(plan.machine().oracle()));
        shown.putAll(plan.image().shown());
        if (options.sourceLatency != null) {
            shown.put("source-latency", options.sourceLatency);
        }
        if (options.sourceRate != null) {
            shown.put("source-rate", options.sourceRate);
        }
        shown.put("in-flight", plan.machine().inFlight());
        if (options.holdUntil != null) {
            shown.put("hold-until", options.holdUntil);
        }
        if (options.chaos != null) {
            shown.put("chaos", options.chaos);
        }
        shown.put("evict-above", plan.machine().evictAbovePercent());
        shown.put("write-protect-installs", plan.machine().writeProtectInstalls());
        shown.put("minor-faults", plan.machine().minorFaults());
        shown.put("flush", options.flush);
        shown.put("seed", plan.machine().seed());
    }
}
