package io.faultline.lab.sweep;

/**
 * One run of a plan.
 *
 * @param index from 0, in the plan's order
 * @param scene where
 * @param policy which
 * @param seed of the order of what is ready at the same time, and of what is drawn
 */
public record SweepPoint(int index, Scene scene, String policy, long seed) {
    /** {@return the words that run it again, after the program's name} */
    public String command() {
        return "flush-lab --policies " + policy + " --profiles " + scene.profile() + " --vcpus " + scene.vcpus()
                + (scene.overcommit() == 1 ? "" : " --overcommit " + scene.overcommit()) + " --workload "
                + scene.workload() + " --seeds 1 --seed " + seed;
    }
}
