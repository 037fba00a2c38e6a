package io.faultline.lab.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkupTest {
    @Test
    void shouldKeepTextTextAndAttributesAttributes() {
        Markup markup = new Markup().element("p", "</p><script>alert(1)</script> & 'more'", "class", "\"><img src=x>");

        assertThat(markup).hasToString("<p class=\"&quot;&gt;&lt;img src=x&gt;\">"
                + "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;more&#39;</p>");
    }

    @Test
    void shouldReplaceWhatHtmlForbids() {
        assertThat(new Markup().text("a\0b\u001bc\td\n\u0085")).hasToString("a\ufffdb\ufffdc\td\n\ufffd");
    }

    @Test
    void shouldLetNoDataEndTheirScript() {
        assertThat(new Markup().data("{\"a\":\"</script><!--\"}").toString())
                .isEqualTo("<script>{\"a\":\"\\u003c/script>\\u003c!--\"}</script>\n");
    }

    @Test
    void shouldRefuseCodeThatEndsItsElement() {
        assertThatThrownBy(() -> new Markup().raw("script", "x = '</SCRIPT>'"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("</script");
    }
}
