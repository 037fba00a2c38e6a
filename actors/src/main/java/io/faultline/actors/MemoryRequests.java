package io.faultline.actors;

import io.faultline.registry.InvalidInputException;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** What callers ask of a machine's memory: checks the range and passes it on to who does it. Belongs to the machine's actor. */
final class MemoryRequests {
    private final MachineParts parts;
    private final MachineActors actors;

    MemoryRequests(MachineParts parts, MachineActors actors) {
        this.parts = parts;
        this.actors = actors;
    }

    /** Has pages given back, unless the machine is broken. */
    void discard(VirtualMachine.Discard discard, @Nullable RuntimeException broken) {
        String mistake = parts.spec().mistakeInRange(discard.gpa(), discard.bytes());
        if (mistake != null) {
            discard.replyTo().tell(StatusReply.error(new InvalidInputException("discard: " + mistake)));
            return;
        }
        if (broken != null) {
            discard.replyTo().tell(StatusReply.error(broken));
            return;
        }
        int shift = parts.spec().pageSize().shift();
        parts.addressSpaceOwner()
                .tell(new AddressSpaceOwner.Discard(discard.gpa() >>> shift,
                        discard.bytes() >>> shift, discard.replyTo()));
    }

    /** Has pages write-protected, unless the machine is broken. */
    void writeProtect(VirtualMachine.WriteProtect protect, @Nullable RuntimeException broken) {
        String mistake = parts.spec().mistakeInRange(protect.gpa(), protect.bytes());
        if (mistake != null) {
            protect.replyTo().tell(StatusReply.error(new InvalidInputException("write-protect: " + mistake)));
            return;
        }
        if (broken != null) {
            protect.replyTo().tell(StatusReply.error(broken));
            return;
        }
        actors.writeProtect(protect.gpa(), protect.bytes(), protect.replyTo());
    }

    /** Has a vCPU make an access, or answers that it cannot. */
    void access(VirtualMachine.Access access, @Nullable RuntimeException broken) {
        if (broken != null) {
            RefusingMachine.refuse(access, "the machine is broken");
        } else if (access.vcpu() < 0 || access.vcpu() >= parts.spec().vcpus()) {
            RefusingMachine.refuse(access, "there are " + parts.spec().vcpus() + " vCPUs");
        } else {
            parts.vcpus().get(access.vcpu()).tell(access.access());
        }
    }
}
