package io.faultline.world.internal;

import java.util.concurrent.ThreadFactory;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.Cell;
import org.apache.pekko.dispatch.Dispatcher;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.ExecutorServiceFactoryProvider;
import org.apache.pekko.dispatch.Mailbox;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.dispatch.MessageDispatcherConfigurator;
import org.apache.pekko.dispatch.SingleConsumerOnlyUnboundedMailbox;
import org.apache.pekko.dispatch.UnboundedMailbox;
import org.apache.pekko.dispatch.sysmsg.SystemMessage;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/**
 * The dispatcher of a virtual world. Mailboxes go to the loop without an executor between, messages wait in queues that
 * need no atomic operation ({@link LoopQueue}), and a message from a foreign thread is refused before it is in one.
 */
final class LoopDispatcher extends Dispatcher {
    private static final FiniteDuration AT_ONCE = Duration.fromNanos(0);

    private final VirtualLoop loop;

    private LoopDispatcher(
            MessageDispatcherConfigurator configurator,
            String id,
            int throughput,
            ExecutorServiceFactoryProvider executor,
            FiniteDuration shutdownTimeout,
            VirtualLoop loop) {
        super(configurator, id, throughput, AT_ONCE, executor, shutdownTimeout);
        this.loop = loop;
    }

    @Override
    public void dispatch(ActorCell receiver, Envelope envelope) {
        loop.checkSender(receiver, envelope.message());
        Mailbox mailbox = receiver.mailbox();
        mailbox.enqueue(receiver.self(), envelope);
        registerForExecution(mailbox, true, false);
    }

    @Override
    public void systemDispatch(ActorCell receiver, SystemMessage message) {
        loop.checkSender(receiver, message);
        super.systemDispatch(receiver, message);
    }

    @Override
    public boolean registerForExecution(Mailbox mailbox, boolean hasMessage, boolean hasSystemMessage) {
        if (mailbox.canBeScheduledForExecution(hasMessage, hasSystemMessage) && mailbox.setAsScheduled()) {
            loop.execute(mailbox);
            return true;
        }
        return false;
    }

    /** Who asks for a queue with a bound or an order of its own gets it. */
    @Override
    public Mailbox createMailbox(Cell actor, MailboxType type) {
        boolean isPlain = type instanceof UnboundedMailbox || type instanceof SingleConsumerOnlyUnboundedMailbox;
        return super.createMailbox(actor, isPlain ? LoopQueue.MAILBOX : type);
    }

    /** Makes the one dispatcher of a virtual world; named in its configuration. */
    public static final class Configurator extends MessageDispatcherConfigurator {
        private final LoopDispatcher dispatcher;

        /** Made by Pekko, by reflection. */
        public Configurator(Config config, DispatcherPrerequisites prerequisites) {
            super(config, prerequisites);
            VirtualLoop loop = LoopRegistry.of(prerequisites.settings().config());
            dispatcher = new LoopDispatcher(
                    this,
                    config.getString("id"),
                    config.getInt("throughput"),
                    new OnLoop(loop),
                    Duration.fromNanos(config.getDuration("shutdown-timeout").toNanos()),
                    loop);
        }

        @Override
        public MessageDispatcher dispatcher() {
            return dispatcher;
        }
    }

    /** For what is no mailbox: futures, and tasks that Pekko hands to a dispatcher. */
    private record OnLoop(VirtualLoop loop) implements ExecutorServiceFactoryProvider {
        @Override
        public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threadFactory) {
            return () -> new LoopExecutor(loop);
        }
    }
}
