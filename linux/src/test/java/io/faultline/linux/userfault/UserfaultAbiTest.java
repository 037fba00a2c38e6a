package io.faultline.linux.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.faultline.linux.call.CHeaders;
import io.faultline.userfault.UserfaultEvents;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultIoctls;
import io.faultline.userfault.UserfaultModes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers and layouts of linux/userfaultfd.h, core's and this module's; what older headers lack the kernel tests. */
class UserfaultAbiTest {
    @Test
    void shouldBeThatOfTheHeader(@TempDir Path folder) throws Exception {
        Map<String, Long> ours = new LinkedHashMap<>();
        layouts(ours);
        requests(ours);
        modes(ours);
        putAll(ours, UserfaultFeatures.class, "UFFD_FEATURE_", "");
        ours.remove("UFFD_FEATURE_ALL");
        for (String event : List.of("PAGEFAULT", "FORK", "REMAP", "REMOVE", "UNMAP")) {
            ours.put("UFFD_EVENT_" + event, UserfaultEvents.class.getField(event).getLong(null));
        }
        for (String flag : List.of("WRITE", "WP", "MINOR")) {
            ours.put("UFFD_PAGEFAULT_FLAG_" + flag, UserfaultEvents.class.getField("FAULT_" + flag).getLong(null));
        }
        Map<String, Long> theirs =
                CHeaders.evaluate(List.of("sys/ioctl.h", "linux/userfaultfd.h"), ours.keySet(), folder);
        assertThat(theirs).hasSizeGreaterThan(50);
        assertThat(ours).containsAllEntriesOf(theirs);
    }

    private static void layouts(Map<String, Long> ours) {
        ours.put("sizeof(struct uffdio_range)", (long) UserfaultAbi.RANGE_BYTES);
        ours.put("offsetof(struct uffdio_range, len)", (long) UserfaultAbi.LENGTH);
        ours.put("sizeof(struct uffdio_api)", (long) UserfaultAbi.API_BYTES);
        ours.put("offsetof(struct uffdio_api, features)", (long) UserfaultAbi.API_FEATURES);
        ours.put("offsetof(struct uffdio_api, ioctls)", (long) UserfaultAbi.API_IOCTLS);
        ours.put("sizeof(struct uffdio_register)", (long) UserfaultAbi.RANGE_MODE_RESULT_BYTES);
        ours.put("sizeof(struct uffdio_zeropage)", (long) UserfaultAbi.RANGE_MODE_RESULT_BYTES);
        ours.put("sizeof(struct uffdio_continue)", (long) UserfaultAbi.RANGE_MODE_RESULT_BYTES);
        ours.put("offsetof(struct uffdio_register, mode)", (long) UserfaultAbi.RANGE_MODE);
        ours.put("offsetof(struct uffdio_register, ioctls)", (long) UserfaultAbi.RANGE_RESULT);
        ours.put("offsetof(struct uffdio_zeropage, zeropage)", (long) UserfaultAbi.RANGE_RESULT);
        ours.put("offsetof(struct uffdio_continue, mapped)", (long) UserfaultAbi.RANGE_RESULT);
        ours.put("sizeof(struct uffdio_writeprotect)", (long) UserfaultAbi.RANGE_MODE_BYTES);
        ours.put("offsetof(struct uffdio_writeprotect, mode)", (long) UserfaultAbi.RANGE_MODE);
        ours.put("sizeof(struct uffdio_copy)", (long) UserfaultAbi.TRANSFER_BYTES);
        ours.put("offsetof(struct uffdio_copy, src)", (long) UserfaultAbi.TRANSFER_SOURCE);
        ours.put("offsetof(struct uffdio_copy, len)", (long) UserfaultAbi.TRANSFER_LENGTH);
        ours.put("offsetof(struct uffdio_copy, mode)", (long) UserfaultAbi.TRANSFER_MODE);
        ours.put("offsetof(struct uffdio_copy, copy)", (long) UserfaultAbi.TRANSFER_RESULT);
        ours.put("sizeof(struct uffd_msg)", (long) UserfaultAbi.MESSAGE_BYTES);
        ours.put("offsetof(struct uffd_msg, arg.pagefault.flags)", (long) UserfaultAbi.MESSAGE_FAULT_FLAGS);
        ours.put("offsetof(struct uffd_msg, arg.pagefault.address)", (long) UserfaultAbi.MESSAGE_FAULT_ADDRESS);
        ours.put("offsetof(struct uffd_msg, arg.pagefault.feat.ptid)", (long) UserfaultAbi.MESSAGE_FAULT_THREAD);
        ours.put("offsetof(struct uffd_msg, arg.fork.ufd)", (long) UserfaultAbi.MESSAGE_FORK_DESCRIPTOR);
        ours.put("offsetof(struct uffd_msg, arg.remove.start)", (long) UserfaultAbi.MESSAGE_FIRST);
        ours.put("offsetof(struct uffd_msg, arg.remove.end)", (long) UserfaultAbi.MESSAGE_SECOND);
        ours.put("offsetof(struct uffd_msg, arg.remap.len)", (long) UserfaultAbi.MESSAGE_THIRD);
    }

    private static void requests(Map<String, Long> ours) {
        ours.put("UFFDIO_API", UserfaultAbi.API);
        ours.put("UFFDIO_REGISTER", UserfaultAbi.REGISTER);
        ours.put("UFFDIO_UNREGISTER", UserfaultAbi.UNREGISTER);
        ours.put("UFFDIO_WAKE", UserfaultAbi.WAKE);
        ours.put("UFFDIO_COPY", UserfaultAbi.COPY);
        ours.put("UFFDIO_ZEROPAGE", UserfaultAbi.ZEROPAGE);
        ours.put("UFFDIO_MOVE", UserfaultAbi.MOVE);
        ours.put("UFFDIO_WRITEPROTECT", UserfaultAbi.WRITEPROTECT);
        ours.put("UFFDIO_CONTINUE", UserfaultAbi.CONTINUE);
        ours.put("UFFDIO_POISON", UserfaultAbi.POISON);
        ours.put("USERFAULTFD_IOC_NEW", UserfaultAbi.NEW);
        ours.put("UFFD_API", UserfaultIoctls.API_VERSION);
    }

    /** COPY_DONTWAKE is UFFDIO_COPY_MODE_DONTWAKE. */
    private static void modes(Map<String, Long> ours) throws IllegalAccessException {
        for (Field field : UserfaultModes.class.getFields()) {
            String[] parts = field.getName().split("_", 2);
            ours.put("UFFDIO_" + parts[0] + "_MODE_" + parts[1], field.getLong(null));
        }
    }

    private static void putAll(Map<String, Long> ours, Class<?> holder, String prefix, String suffix)
            throws IllegalAccessException {
        for (Field field : holder.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                ours.put(prefix + field.getName() + suffix, field.getLong(null));
            }
        }
    }
}
