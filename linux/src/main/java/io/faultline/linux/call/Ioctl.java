package io.faultline.linux.call;

/** How an ioctl's request number is made up on x86-64: direction, size of its structure, type, number (asm/ioctl.h). */
public final class Ioctl {
    private static final int TYPE_SHIFT = 8;
    private static final int SIZE_SHIFT = 16;
    private static final int DIRECTION_SHIFT = 30;
    private static final long SIZE_MASK = (1 << (DIRECTION_SHIFT - SIZE_SHIFT)) - 1;
    private static final int WRITE = 1;
    private static final int READ = 2;

    private Ioctl() {}

    /**
     * A request that takes no structure: {@code _IO}.
     *
     * @param type the driver's number
     * @param number the ioctl's
     * @return the request
     */
    public static long plain(int type, int number) {
        return request(0, type, number, 0);
    }

    /**
     * A request that the C headers declare with {@code _IOR}.
     *
     * @param type the driver's number
     * @param number the ioctl's
     * @param bytes size of the structure
     * @return the request
     */
    public static long reading(int type, int number, int bytes) {
        return request(READ, type, number, bytes);
    }

    /**
     * A request that the C headers declare with {@code _IOWR}.
     *
     * @param type the driver's number
     * @param number the ioctl's
     * @param bytes size of the structure
     * @return the request
     */
    public static long readingAndWriting(int type, int number, int bytes) {
        return request(READ | WRITE, type, number, bytes);
    }

    /**
     * The size of a request's structure.
     *
     * @param request the request
     * @return bytes, 0 for none
     */
    public static long sizeOf(long request) {
        return (request >>> SIZE_SHIFT) & SIZE_MASK;
    }

    private static long request(int direction, int type, int number, int bytes) {
        return ((long) direction << DIRECTION_SHIFT) | ((long) bytes << SIZE_SHIFT) | (type << TYPE_SHIFT) | number;
    }
}
