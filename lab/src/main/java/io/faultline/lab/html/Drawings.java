package io.faultline.lab.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Charts' parts as the page's script takes them. */
final class Drawings {
    /** More digits than a screen has pixels. */
    private static final int DIGITS = 6;

    private Drawings() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode of(Axis axis) {
        ObjectNode json = object();
        json.put("title", axis.title());
        json.put("measure", axis.measure().name());
        json.put("log", axis.log());
        if (!Double.isNaN(axis.from())) {
            json.put("from", axis.from());
        }
        if (!Double.isNaN(axis.to())) {
            json.put("to", axis.to());
        }
        return json;
    }

    static ArrayNode of(double[] numbers) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                json.addNull();
            } else if (Double.compare(number, Math.rint(number)) == 0 && Math.abs(number) < 1e15) {
                json.add((long) number);
            } else {
                json.add(rounded(number));
            }
        }
        return json;
    }

    static ArrayNode of(List<String> words) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        words.forEach(json::add);
        return json;
    }

    private static double rounded(double number) {
        return new BigDecimal(number).round(new MathContext(DIGITS)).doubleValue();
    }
}
