package io.faultline.lab.html;

import java.util.Locale;

/**
 * HTML being written, and the one place where text becomes markup: whatever is handed to it as text or as an attribute's
 * value is escaped, so a hostile name stays a name. Tags and attributes' names are the program's own. Not thread-safe.
 */
final class Markup {
    private final StringBuilder html = new StringBuilder();

    /**
     * Begins an element.
     *
     * @param tag its name
     * @param attributes names and values, alternating; an attribute without a value has an empty one
     */
    Markup open(String tag, String... attributes) {
        assert attributes.length % 2 == 0 : tag + " has an attribute without a value";
        html.append('<').append(tag);
        for (int name = 0; name < attributes.length; name += 2) {
            html.append(' ').append(attributes[name]).append("=\"");
            escape(attributes[name + 1]);
            html.append('"');
        }
        html.append('>');
        return this;
    }

    /** Ends an element. */
    Markup close(String tag) {
        html.append("</").append(tag).append('>');
        return this;
    }

    /** Text between tags. */
    Markup text(String text) {
        escape(text);
        return this;
    }

    /** An element that holds nothing but text. */
    Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close(tag);
    }

    /** Ends the line, so that what depends on wall time can be told from the rest line by line. */
    Markup line() {
        html.append('\n');
        return this;
    }

    /**
     * A script or a style sheet of the program's own, which browsers take as it is.
     *
     * @throws IllegalArgumentException when it would end its element early
     */
    Markup raw(String tag, String code, String... attributes) {
        if (code.toLowerCase(Locale.ROOT).contains("</" + tag)) {
            throw new IllegalArgumentException("a " + tag + " must not hold \"</" + tag + "\"");
        }
        open(tag, attributes);
        html.append(code);
        return close(tag).line();
    }

    /**
     * Data for a script. In JSON a less-than sign stands within strings only, where its escape means the same; without one
     * no data can end the element or open a comment.
     */
    Markup data(String json, String... attributes) {
        open("script", attributes);
        html.append(json.replace("<", "\\u003c"));
        return close("script").line();
    }

    private void escape(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            switch (character) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(isAllowed(character) ? character : '\ufffd');
            }
        }
    }

    /** Control characters are errors in HTML, but for white space. */
    private static boolean isAllowed(char character) {
        return !Character.isISOControl(character) || character == '\n' || character == '\t';
    }

    /** What was written. */
    @Override
    public String toString() {
        return html.toString();
    }
}
