package io.faultline.memslot;

/**
 * What KVM_SET_USER_MEMORY_REGION takes: a range of guest-physical memory and the host-virtual memory behind it.
 * Nothing is checked here; {@link MemslotTable#set} answers as KVM does.
 *
 * @param slot
 *            its number; bits 16 and up name KVM's address space, of which there is one here
 * @param flags
 *            any of {@link #LOG_DIRTY_PAGES}, {@link #READONLY}
 * @param gpa
 *            first guest-physical byte
 * @param bytes
 *            length; 0 deletes the slot
 * @param hva
 *            first host-virtual byte
 */
public record MemslotRegion(int slot, int flags, long gpa, long bytes, long hva) {
    /** KVM_MEM_LOG_DIRTY_PAGES: remember which pages the guest writes. */
    public static final int LOG_DIRTY_PAGES = 1;
    /** KVM_MEM_READONLY: a write of the guest is an exit. */
    public static final int READONLY = 2;

    /** Returns the guest-physical byte after the last. */
    public long end() {
        return gpa + bytes;
    }

    /** Tells whether the guest-physical address is in it. */
    public boolean contains(long address) {
        return gpa <= address && address < end();
    }

    /** Tells whether writes of the guest are exits. */
    public boolean isReadOnly() {
        return (flags & READONLY) != 0;
    }

    /** Tells whether writes of the guest are logged. */
    public boolean logsDirtyPages() {
        return (flags & LOG_DIRTY_PAGES) != 0;
    }

    /** Returns the host-virtual address behind a guest-physical one. */
    public long hvaAt(long address) {
        return hva + (address - gpa);
    }

    /** Returns the guest-physical address in front of a host-virtual one. */
    public long gpaAt(long hostAddress) {
        return gpa + (hostAddress - hva);
    }
}
