package io.faultline.lab.html;

import java.util.List;

/** What a page is made of, one below the other. */
public sealed interface Block {
    /**
     * A paragraph.
     *
     * @param text in sentences
     */
    record Prose(String text) implements Block {}

    /**
     * A chart, with its table folded up below.
     *
     * @param chart what is drawn
     */
    record Drawn(Chart chart) implements Block {}

    /**
     * A table in full.
     *
     * @param table what it holds
     */
    record Tabled(DataTable table) implements Block {}

    /**
     * The answer that the page is about, in colour and in words.
     *
     * @param held whether all is well
     * @param words the answer
     * @param details what exactly is not well, one line each
     */
    record Verdict(boolean held, String words, List<String> details) implements Block {
        /** Copies the list. */
        public Verdict {
            details = List.copyOf(details);
        }
    }

    /**
     * The few figures to see first.
     *
     * @param tiles from the left
     */
    record Tiles(List<Tile> tiles) implements Block {
        /** Copies the list. */
        public Tiles {
            tiles = List.copyOf(tiles);
        }
    }

    /**
     * One figure to see first.
     *
     * @param name what it is
     * @param figure with its unit
     * @param note what it is to be seen beside
     */
    record Tile(String name, String figure, String note) {}

    /**
     * A command line to copy.
     *
     * @param what it does
     * @param line as a shell takes it
     */
    record Command(String what, String line) implements Block {}

    /**
     * What few readers need, folded up.
     *
     * @param summary what is in it
     * @param blocks below it, once unfolded
     */
    record Folded(String summary, List<Block> blocks) implements Block {
        /** Copies the list. */
        public Folded {
            blocks = List.copyOf(blocks);
        }
    }
}
