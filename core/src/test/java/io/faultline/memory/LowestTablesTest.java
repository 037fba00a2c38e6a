package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LowestTablesTest {
    private static final long TABLE = PageSize.SIZE_2M.bytes();

    private final LowestTables tables = new LowestTables();
    private final PageTableNode node = new PageTableNode(1, 5 * TABLE);

    @Test
    void shouldFindATableAtEveryAddressItTranslates() {
        tables.remember(node);

        assertThat(tables.at(5 * TABLE)).isSameAs(node);
        assertThat(tables.at(6 * TABLE - 1)).isSameAs(node);
        assertThat(tables.at(5 * TABLE - 1)).isNull();
        assertThat(tables.at(6 * TABLE)).isNull();
    }

    @Test
    void shouldTellApartTablesThatShareASlot() {
        PageTableNode far = new PageTableNode(1, 5 * TABLE + (TABLE << 12));

        tables.remember(node);
        assertThat(tables.at(far.start())).isNull();
        tables.remember(far);
        assertThat(tables.at(far.start())).isSameAs(far);
        assertThat(tables.at(node.start())).isNull();
    }

    @Test
    void shouldRememberNoTableOfAHigherLevel() {
        tables.remember(new PageTableNode(2, 0));

        assertThat(tables.at(0)).isNull();
    }

    @Test
    void shouldFindNoTableThatWasTakenOutOfTheTree() {
        PageTable table = new PageTable();
        table.set(TABLE, PageSize.SIZE_4K, Entry.of(512, PageSize.SIZE_4K, 0));
        assertThat(table.walk(TABLE)).isNotEqualTo(Entry.NONE);
        table.exchange(TABLE, PageSize.SIZE_4K, Entry.NONE);

        table.set(TABLE, PageSize.SIZE_2M, Entry.of(1024, PageSize.SIZE_2M, 0));

        assertThat(Entry.frameAt(table.walk(TABLE + 4096), TABLE + 4096)).isEqualTo(1025);
        table.shatter(TABLE, PageSize.SIZE_4K);
        table.exchange(TABLE + 4096, PageSize.SIZE_4K, Entry.NONE);
        assertThat(table.walk(TABLE + 4096)).isEqualTo(Entry.NONE);
        assertThat(Entry.frame(table.walk(TABLE + 8192))).isEqualTo(1026);
    }
}
