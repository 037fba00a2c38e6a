package io.faultline.world.internal;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** A stage of one's own that hands each element on through an asynchronous callback, as a fetch stage does. */
final class AsyncRelay<T> extends GraphStage<FlowShape<T, T>> {
    private final Inlet<T> in = Inlet.create("AsyncRelay.in");
    private final Outlet<T> out = Outlet.create("AsyncRelay.out");

    @Override
    public FlowShape<T, T> shape() {
        return FlowShape.of(in, out);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new GraphStageLogic(shape()) {
            private final AsyncCallback<T> arrived = createAsyncCallback(element -> push(out, element));

            {
                setHandler(in, new AbstractInHandler() {
                    @Override
                    public void onPush() {
                        arrived.invoke(grab(in));
                    }
                });
                setHandler(out, new AbstractOutHandler() {
                    @Override
                    public void onPull() {
                        pull(in);
                    }
                });
            }
        };
    }
}
