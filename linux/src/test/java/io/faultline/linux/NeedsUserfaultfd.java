package io.faultline.linux;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests on a machine that cannot resolve real faults, with the reason. */
public final class NeedsUserfaultfd implements ExecutionCondition {
    private static final LinuxSupport SUPPORT = LinuxSupport.probe();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return SUPPORT.isAvailable()
                ? ConditionEvaluationResult.enabled("userfaultfd by " + SUPPORT.opening())
                : ConditionEvaluationResult.disabled(SUPPORT.missing());
    }
}
