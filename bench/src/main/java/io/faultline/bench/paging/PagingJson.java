package io.faultline.bench.paging;

import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.faultline.bench.measure.ProfileJson;
import io.faultline.lab.JsonText;
import io.faultline.paging.PagingVariant;

/** The rows as programs read them, with every cost that was used and its source. */
final class PagingJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PagingJson() {}

    static String of(PagingRatePlan plan, List<PagingRow> rows) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("command", "bench");
        json.put("name", PagingRateCommand.NAME);
        json.put("rounds", plan.rounds());
        json.put("pagesPerVcpu", plan.pages());
        json.put("seed", plan.seed());
        ArrayNode array = json.putArray("rows");
        for (PagingRow row : rows) {
            ObjectNode one = array.addObject().put("vcpus", row.vcpus());
            for (PagingVariant variant : PagingVariant.values()) {
                one.put(field(variant), row.pagesPerSecond(variant));
            }
            ObjectNode published = one.putObject("published");
            for (PagingVariant variant : PagingVariant.values()) {
                PublishedRates.pagesPerSecond(variant, row.vcpus())
                        .ifPresent(rate -> published.put(field(variant), rate));
            }
        }
        json.set("profile", ProfileJson.of(plan.profile()));
        return JsonText.of(json);
    }

    private static String field(PagingVariant variant) {
        return switch (variant) {
            case ONE_USERFAULTFD -> "oneUserfaultfdPagesPerSecond";
            case USERFAULTFD_PER_VCPU -> "perVcpuUserfaultfdPagesPerSecond";
            case EXITS -> "exitsPagesPerSecond";
        };
    }
}
