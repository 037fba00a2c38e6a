package io.faultline.userfault;

import io.faultline.memory.FrameContents;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;

/** Reads pages at any byte offset of a buffer: the source of a COPY need not be aligned. */
final class SourceBytes {
    private SourceBytes() {}

    /** Whether the buffer holds these bytes; tokens stand for whole base pages, so there the offset must align. */
    static boolean contains(PageBuffer source, long offset, long length) {
        long size = source.pages() * source.pageSize().bytes();
        boolean readable = !source.isTokens() || PageSize.SIZE_4K.isAligned(offset);
        return readable && offset >= 0 && offset <= size - length;
    }

    /** Fills the frames of one page; the buffer must {@link #contains contain} it. */
    static void copy(PageBuffer source, long offset, FrameContents contents, long frame, PageSize size) {
        if (PageSize.SIZE_4K.isAligned(offset)) {
            int firstBasePage = Math.toIntExact(offset >>> PageSize.BASE_SHIFT);
            contents.copyIn(frame, source, firstBasePage, size.basePages());
        } else {
            PageBuffer shifted = PageBuffer.of(source.bytes().asSlice(offset, size.bytes()), size);
            contents.copyIn(frame, shifted, 0, size.basePages());
        }
    }
}
