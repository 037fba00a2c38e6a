package io.faultline.actors;

/** How deep the machine's queues became; each has a bound, which the report states beside it. */
final class MachineGauges {
    /** Pages on their way in one memslot. */
    final DepthGauge memslots = new DepthGauge();
    /** Pages waiting for credits in one handler. */
    final DepthGauge handlers = new DepthGauge();
    /** Pages one fetcher has taken and not been given back. */
    final DepthGauge fetchers = new DepthGauge();
    /** Flush requests in the shootdown's stream. */
    final DepthGauge shootdown = new DepthGauge();
    /** Nanoseconds a vCPU's slice went on after something else was due. */
    final DepthGauge sliceOverrunNanos = new DepthGauge();
}
