package io.faultline.bench.loop;

import java.util.List;

import io.faultline.bench.measure.Contender;
import io.faultline.schedule.Schedule;
import io.faultline.schedule.Schedules;

/** Who takes part in {@code virtual-loop}, and how each is named on a child's command line. */
enum LoopContender {
    OURS("Faultline's virtual loop", "ours") {
        @Override
        Contender create(PassingJob job, Schedule schedule) {
            return new ActorLoop(job, schedule);
        }
    },
    PLAIN("a plain event loop", "plain") {
        @Override
        Contender create(PassingJob job, Schedule schedule) {
            return new PlainLoop(job);
        }
    };

    private final String title;
    private final String key;

    LoopContender(String title, String key) {
        this.title = title;
        this.key = key;
    }

    abstract Contender create(PassingJob job, Schedule schedule);

    String title() {
        return title;
    }

    String key() {
        return key;
    }

    /** What a child is told of it; {@link #of} reads it. */
    List<String> arguments(PassingJob job, Schedule schedule) {
        return List.of(key, Integer.toString(job.entities()), Long.toString(job.events()), schedule.toString());
    }

    /**
     * Makes a contender from its {@link #arguments}.
     *
     * @throws IllegalArgumentException when they are something else
     */
    static Contender of(List<String> arguments) {
        for (LoopContender contender : values()) {
            if (contender.key.equals(arguments.get(0))) {
                PassingJob job =
                        new PassingJob(Integer.parseInt(arguments.get(1)), Long.parseLong(arguments.get(2)));
                return contender.create(job, Schedules.registry().create(arguments.get(3)));
            }
        }
        throw new IllegalArgumentException("no contender is named " + arguments.get(0));
    }
}
