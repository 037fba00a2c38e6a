package io.faultline.actors;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told to those who ask something of a machine that cannot do it. */
final class RefusingMachine {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualMachine.class);

    private RefusingMachine() {}

    /** A machine that could not be built tells so whoever asks it for anything. */
    static Behavior<VirtualMachine.Command> create(RuntimeException failure) {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case VirtualMachine.Run run -> run.replyTo().tell(StatusReply.error(failure));
                case VirtualMachine.Ask ask -> ask.replyTo().tell(StatusReply.error(failure));
                case VirtualMachine.Discard discard -> discard.replyTo().tell(StatusReply.error(failure));
                case VirtualMachine.WriteProtect protect -> protect.replyTo().tell(StatusReply.error(failure));
                case VirtualMachine.Access access -> refuse(access, failure.getMessage());
                case VirtualMachine.Stop _ -> {
                    return Behaviors.stopped();
                }
                default -> LOG.warn("{} to a machine that could not be built: {}", command, failure.getMessage());
            }
            return Behaviors.same();
        });
    }

    /** Lets one access fail. */
    static void refuse(VirtualMachine.Access refused, @Nullable String why) {
        LOG.warn("{} fails: {}", refused, why);
        VCpu.Access access = refused.access();
        access.done().accept(new AccessResult(refused.vcpu(), access.gpa(), access.write(), true, 0));
    }
}
