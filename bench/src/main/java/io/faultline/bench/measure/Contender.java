package io.faultline.bench.measure;

/** Does the job that is measured. One instance lives in one JVM and is asked again and again, by one thread. */
@FunctionalInterface
public interface Contender {
    /**
     * Does the whole job once, from a fresh state. What it takes to get ready and to clean up is not in the answer's time.
     *
     * @return what was done, checked to be right
     * @throws Exception when the job could not be done, or came out wrong
     */
    Work runOnce() throws Exception;
}
