package io.faultline.world.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Set;
import java.util.stream.Stream;

import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Finds where what a user plugs into a machine reads the wall clock, or draws numbers that no seed decides: in virtual time
 * either makes two runs of one seed differ. It looks at the byte code of the object's class, of those declared within it and
 * of those it extends, not at what they call; a lambda has no class file to look at. Thread-safe.
 */
public final class WallClockReads {
    private static final Set<String> FORBIDDEN = Set.of(
            "java/lang/System.nanoTime", "java/lang/System.currentTimeMillis", "java/time/Instant.now",
            "java/time/LocalDateTime.now", "java/time/LocalTime.now", "java/time/ZonedDateTime.now",
            "java/time/OffsetDateTime.now", "java/time/Clock.systemUTC", "java/time/Clock.systemDefaultZone",
            "java/util/concurrent/ThreadLocalRandom.current", "java/lang/Math.random", "java/util/UUID.randomUUID");
    /** Parsed once for each class, however many machines it is plugged into. */
    private static final ClassValue<String> FOUND = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return family(type).flatMap(WallClockReads::readsOf).findFirst().orElse("");
        }
    };

    private WallClockReads() {}

    /**
     * Refuses what reads the wall clock.
     *
     * @param what the part it plays, for the message
     * @param plugged the object
     * @throws InvalidInputException naming the class, the method and the call
     */
    public static void refuse(String what, @Nullable Object plugged) {
        String found = plugged == null ? "" : FOUND.get(plugged.getClass());
        if (!found.isEmpty()) {
            throw new InvalidInputException(what + " cannot be used in virtual time: " + found
                    + ", which is another each time, so that one seed would give different runs; go by the seed instead, or"
                    + " run it in the world threads");
        }
    }

    private static Stream<Class<?>> family(Class<?> type) {
        Stream<Class<?>> ancestors = Stream.iterate(type, c -> c != null && !isJdk(c), Class::getSuperclass);
        return ancestors.flatMap(ancestor -> ancestor.isHidden()
                ? Stream.empty()
                : Stream.of(ancestor.getNestMembers())
                        .filter(member -> member == ancestor
                                || member.getName().startsWith(ancestor.getName() + "$")));
    }

    private static boolean isJdk(Class<?> type) {
        return type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
    }

    private static Stream<String> readsOf(Class<?> type) {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream stream = type.getResourceAsStream(file)) {
            if (stream == null) {
                return Stream.empty(); // made at run time
            }
            ClassModel model = ClassFile.of().parse(stream.readAllBytes());
            return model.methods().stream().flatMap(method -> readsOf(type, method));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file + " of " + type, e);
        }
    }

    private static Stream<String> readsOf(Class<?> type, MethodModel method) {
        return method.code()
                .stream()
                .flatMap(code -> code.elementStream())
                .filter(InvokeInstruction.class::isInstance)
                .map(InvokeInstruction.class::cast)
                .map(call -> call.owner().asInternalName() + "." + call.name().stringValue())
                .filter(FORBIDDEN::contains)
                .map(call -> type.getName() + "." + method.methodName().stringValue() + " calls "
                        + call.substring(call.lastIndexOf('/') + 1));
    }
}
