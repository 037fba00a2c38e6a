package io.faultline.bench.measure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;

/** A cost profile as programs read it: every cost with its source, so that figures can be judged by what they rest on. */
public final class ProfileJson {
    private ProfileJson() {}

    /** {@return name and costs} */
    public static ObjectNode of(CostProfile profile) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", profile.name());
        ObjectNode costs = json.putObject("costs");
        for (Operation operation : Operation.values()) {
            Cost cost = profile.cost(operation);
            costs.putObject(operation.key())
                    .put("nanos", cost.nanos())
                    .put("source", cost.source())
                    .put("tag", cost.tags().stream().map(Enum::name).sorted().reduce("", String::concat));
        }
        return json;
    }
}
