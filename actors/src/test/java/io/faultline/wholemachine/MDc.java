package io.faultline.wholemachine;

/**
 * The queue M/D/c: Poisson arrivals, c servers that all take the same time. By Crommelin (1932): who is in service at one
 * instant has left a service time later and nobody who came since has, so the numbers in the system at instants a service
 * time apart form a Markov chain, whose stationary distribution is iterated here.
 */
final class MDc {
    private static final int STATES = 100;
    private static final int ITERATIONS = 2_000;
    private static final double CONVERGED = 1e-11;

    private MDc() {}

    /** The mean wait, in units of the service time. */
    static double meanWait(int servers, double utilisation) {
        double arrivals = servers * utilisation;
        double[] poisson = poisson(arrivals);
        double[] state = new double[STATES];
        state[0] = 1;
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] next = step(state, poisson, servers);
            double change = 0;
            for (int n = 0; n < STATES; n++) {
                change += Math.abs(next[n] - state[n]);
            }
            state = next;
            if (change < CONVERGED) {
                break;
            }
        }
        double waiting = 0;
        for (int n = servers + 1; n < STATES; n++) {
            waiting += (n - servers) * state[n];
        }
        return waiting / arrivals; // Little's law
    }

    private static double[] step(double[] state, double[] poisson, int servers) {
        double[] next = new double[STATES];
        for (int before = 0; before < STATES; before++) {
            int left = Math.max(0, before - servers);
            for (int came = 0; left + came < STATES; came++) {
                next[left + came] += state[before] * poisson[came];
            }
        }
        return next;
    }

    private static double[] poisson(double mean) {
        double[] probability = new double[STATES];
        probability[0] = Math.exp(-mean);
        for (int n = 1; n < STATES; n++) {
            probability[n] = probability[n - 1] * mean / n;
        }
        return probability;
    }
}
