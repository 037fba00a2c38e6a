package io.faultline.actors;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A vCPU whose accesses a real kernel makes, halts and resumes: starts its thread, and has it stop.
 *
 * <p>
 * Bounded by: two messages a run. Supervision: as {@link VCpu}'s.
 */
final class NativeVCpu extends SwitchActor<VCpu.Command> {
    private final MachineParts parts;
    private final int index;
    private final NativeRun run;

    static Behavior<VCpu.Command> create(MachineParts parts, int index, NativeRun run) {
        return Behaviors.setup(_ -> new NativeVCpu(parts, index, run));
    }

    private NativeVCpu(MachineParts parts, int index, NativeRun run) {
        this.parts = parts;
        this.index = index;
        this.run = run;
    }

    @Override
    protected Behavior<VCpu.Command> onCommand(VCpu.Command command) {
        switch (command) {
            case VCpu.Start start -> start(start);
            case VCpu.Stop _ -> run.stop();
            case VCpu.MemslotReplaced _ -> {
                // Its successor has woken whoever waited, and they have faulted again.
            }
            case VCpu.Resume _,VCpu.Continue _,VCpu.Arrived _,VCpu.Access _,VCpu.Interrupt _,VCpu.Invalidate _,VCpu.Run _,VCpu.GiveWay _ ->
                    throw new IllegalStateException("vCPU " + index + " is a thread and knows nothing of " + command);
        }
        return this;
    }

    private void start(VCpu.Start start) {
        try {
            run.start(start.accesses());
        } catch (OutOfMemoryError noThread) { // what the JVM says when the system refuses a thread
            tellFailed(new IllegalStateException("no thread for vCPU " + index + " of " + parts.spec().vcpus()
                    + ": ask for fewer vCPUs, or let the system have more (ulimit -u, pids.max, vm.max_map_count)",
                    noThread));
        } catch (RuntimeException failure) {
            tellFailed(failure);
        }
    }

    private void tellFailed(RuntimeException failure) {
        ActorRef<VirtualMachine.Command> machine = parts.machine();
        machine.tell(new VirtualMachine.VCpuFailed(index, failure));
    }

    @Override
    protected void onStopped() {
        run.stop();
    }
}
