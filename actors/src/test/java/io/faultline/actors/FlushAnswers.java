package io.faultline.actors;

/** Answers flush requests as the shootdown does. */
final class FlushAnswers {
    private FlushAnswers() {}

    static void tell(TlbShootdown.Flush flush, TlbShootdown.Flushed how) {
        FlushAnswer<?> answer = how == TlbShootdown.Flushed.COMPLETE ? flush.atComplete() : flush.atRelease();
        if (answer != null) {
            tell(answer);
        }
    }

    private static <M> void tell(FlushAnswer<M> answer) {
        answer.to().get().tell(answer.message());
    }
}
