package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The hand-over between writer and walkers, one step at a time. */
class PageTableNodeTest {
    private final TableCount count = new TableCount();
    private final PageTableNode node = new PageTableNode(2, 0);

    @Test
    void shouldSendAWalkerAwayThatStillHoldsACollapsedTable() {
        long leaf = Entry.of(0, PageSize.SIZE_2M, Entry.WRITABLE);
        node.compareAndSet(0, Entry.NONE, leaf);
        node.shatter(0, count);
        PageTableNode held = node.childOrThrow(0);
        long entryBefore = held.get(9);

        node.replaceTable(0, held.collapsed(), count);

        assertThat(held.compareAndSet(9, entryBefore, entryBefore | Entry.DIRTY)).as("a late mark would be lost")
                .isFalse();
        assertThat(held.get(9)).isEqualTo(Entry.RETIRED);
        assertThat(node.get(0)).isEqualTo(leaf);
        assertThat(node.child(0)).isNull();
    }

    @Test
    void shouldKeepAMarkThatAWalkerSetInTheOldTableAfterTheLeafWasMade() {
        node.compareAndSet(0, Entry.NONE, Entry.of(0, PageSize.SIZE_2M, Entry.WRITABLE));
        node.shatter(0, count);
        PageTableNode held = node.childOrThrow(0);
        long leaf = held.collapsed();
        held.compareAndSet(9, held.get(9), held.get(9) | Entry.ACCESSED | Entry.DIRTY);

        node.replaceTable(0, leaf, count);

        assertThat(Entry.isDirty(leaf)).isFalse();
        assertThat(Entry.isDirty(node.get(0))).isTrue();
    }

    @Test
    void shouldRetireTheTablesBelowAnEmptyTableAndCountThemAsGone() {
        PageTableNode top = new PageTableNode(3, 0);
        PageTableNode middle = top.childOrCreate(4, count);
        assertThat(middle).isNotNull();
        PageTableNode lowest = middle.childOrCreate(5, count);
        assertThat(lowest).isNotNull();

        top.replaceTable(4, Entry.NONE, count);

        assertThat(lowest.get(0)).isEqualTo(Entry.RETIRED);
        assertThat(count.bytes()).isZero();
    }

    @Test
    void shouldSayThatTwoWritersMetWhenATableIsGone() {
        assertThatThrownBy(() -> node.childOrThrow(3)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two writers");
    }
}
