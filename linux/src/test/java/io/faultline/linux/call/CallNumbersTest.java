package io.faultline.linux.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.faultline.memory.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every number of this package against the C headers of this machine. */
class CallNumbersTest {
    private static final List<String> HEADERS = List.of("sys/mman.h", "fcntl.h", "sys/epoll.h", "sys/eventfd.h",
            "sys/syscall.h", "sys/uio.h", "linux/userfaultfd.h", "linux/memfd.h", "errno.h", "linux/ioctl.h");

    @Test
    void shouldBeThoseOfTheHeaders(@TempDir Path folder) throws Exception {
        Map<String, Long> ours = new LinkedHashMap<>();
        for (Class<?> holder : List.of(MemoryFlags.class, FileFlags.class)) {
            for (Field field : holder.getDeclaredFields()) {
                if (Modifier.isPublic(field.getModifiers())) {
                    String name = field.getName().equals("HUGE_SHIFT") ? "MAP_HUGE_SHIFT" : field.getName();
                    ours.put(name, field.getLong(null));
                }
            }
        }
        ours.put("MFD_HUGE_SHIFT", (long) MemoryFlags.HUGE_SHIFT);
        ours.put("(long) EPOLLIN", (long) EventCalls.EPOLLIN);
        ours.put("(long) EPOLLERR", (long) EventCalls.EPOLLERR);
        ours.put("(long) EPOLLHUP", (long) EventCalls.EPOLLHUP);
        ours.put("(int) EPOLLET", (long) EventCalls.EPOLLET);
        ours.put("EPOLL_CTL_ADD", (long) EventCalls.EPOLL_CTL_ADD);
        ours.put("EPOLL_CTL_DEL", (long) EventCalls.EPOLL_CTL_DEL);
        ours.put("sizeof(struct epoll_event)", (long) EventCalls.EPOLL_EVENT_BYTES);
        ours.put("offsetof(struct epoll_event, data)", (long) EventCalls.EPOLL_EVENT_DATA_OFFSET);
        ours.put("(long) EFD_NONBLOCK", (long) FileFlags.O_NONBLOCK);
        ours.put("(long) EFD_CLOEXEC", (long) FileFlags.O_CLOEXEC);
        ours.put("(long) EPOLL_CLOEXEC", (long) FileFlags.O_CLOEXEC);
        ours.put("sizeof(struct iovec)", 16L);
        ours.put("offsetof(struct iovec, iov_len)", 8L);
        ours.put("SYS_userfaultfd + 0", 323L);
        ours.put("UFFD_USER_MODE_ONLY", (long) ProcessCalls.UFFD_USER_MODE_ONLY);
        ours.put("_IOWR('f', 16, char[96])", Ioctl.readingAndWriting('f', 16, 96));
        ours.put("_IOR(0xAA, 2, char[16])", Ioctl.reading(0xAA, 2, 16));
        ours.put("_IO(0xAA, 0)", Ioctl.plain(0xAA, 0));
        for (Errno errno : Errno.values()) {
            if (errno != Errno.OK) {
                ours.put(errno.name(), (long) errno.number());
            }
        }
        Map<String, Long> theirs = CHeaders.evaluate(HEADERS, ours.keySet(), folder);
        assertThat(theirs).hasSizeGreaterThan(ours.size() - 5); // headers may be older than the kernel
        assertThat(ours).containsAllEntriesOf(theirs);
    }
}
