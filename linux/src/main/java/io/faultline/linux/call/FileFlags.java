package io.faultline.linux.call;

/** The numbers that open(2), fcntl(2), memfd_create(2), fallocate(2) and lseek(2) take on x86-64. */
public final class FileFlags {
    /** For reading. */
    public static final int O_RDONLY = 0;
    /** For reading and writing. */
    public static final int O_RDWR = 2;
    /** Calls answer EAGAIN instead of waiting; also a flag of eventfd(2) and userfaultfd(2). */
    public static final int O_NONBLOCK = 0x800;
    /** Closed by exec; also a flag of dup3(2), eventfd(2), epoll_create1(2) and userfaultfd(2). */
    public static final int O_CLOEXEC = 0x80000;

    /** fcntl: a second descriptor, at least the argument, closed by exec. */
    public static final int F_DUPFD_CLOEXEC = 1030;

    /** memfd_create: closed by exec. */
    public static final int MFD_CLOEXEC = 1;
    /** memfd_create: from the pool of huge pages. */
    public static final int MFD_HUGETLB = 4;

    /** fallocate: the size stays. */
    public static final int FALLOC_FL_KEEP_SIZE = 1;
    /** fallocate: takes pages away; with KEEP_SIZE. */
    public static final int FALLOC_FL_PUNCH_HOLE = 2;

    private FileFlags() {}
}
