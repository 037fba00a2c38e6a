package io.faultline.world.internal;

import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.dispatch.Mailbox;

/** What to call the things a loop runs, in errors and traces. Never a hash code: those differ from run to run. */
final class Names {
    private Names() {}

    static String describe(Object sender) {
        return switch (sender) {
            case Mailbox mailbox -> "actor " + mailbox.actor().self().path();
            case VirtualLane lane -> "lane " + lane.name();
            case TimedLane lane -> "lane " + lane.name();
            case TimedEvent event -> event.toString();
            case ActorPath path -> "actor " + path;
            case String name -> name;
            default -> sender.getClass().getName();
        };
    }
}
