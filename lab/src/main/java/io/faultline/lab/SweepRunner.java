package io.faultline.lab;

import java.io.IOException;
import java.util.List;

import io.faultline.lab.sweep.Sweep;
import io.faultline.lab.sweep.SweepJournal;
import io.faultline.lab.sweep.SweepListener;
import io.faultline.lab.sweep.SweepMatrix;
import io.faultline.lab.sweep.SweepRun;

/** Runs a sweep. What {@code flush-lab} does besides can be tested without one. */
@FunctionalInterface
interface SweepRunner {
    /** In virtual time. */
    SweepRunner VIRTUAL = Sweep::run;

    /**
     * As {@link Sweep#run}.
     *
     * @throws IOException when the journal could not be written
     * @throws InterruptedException when this thread was interrupted
     */
    List<SweepRun> run(SweepMatrix matrix, SweepJournal journal, int parallel, SweepListener listener)
            throws IOException, InterruptedException;
}
