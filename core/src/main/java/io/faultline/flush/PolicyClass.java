package io.faultline.flush;

import java.lang.reflect.InvocationTargetException;

import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Finds a policy of the user's own on the class path. */
final class PolicyClass {
    private PolicyClass() {}

    /**
     * Makes a policy.
     *
     * @param name of a class
     * @param argument for its constructor, or null for one that takes nothing
     * @throws InvalidInputException in one line, when there is no such class, it is no policy or cannot be made
     */
    static FlushPolicy load(String name, @Nullable String argument) {
        String where = "flush policy \"" + name + "\": ";
        Class<?> type = find(where, name);
        if (!FlushPolicy.class.isAssignableFrom(type)) {
            throw new InvalidInputException(where + "the class does not implement " + FlushPolicy.class.getName());
        }
        try {
            Object policy = argument == null
                    ? type.getConstructor().newInstance()
                    : type.getConstructor(String.class).newInstance(argument);
            return (FlushPolicy) policy;
        } catch (NoSuchMethodException e) {
            throw new InvalidInputException(where + "the class has no public constructor that takes "
                    + (argument == null ? "nothing; a String is given after a colon"
                            : "a String, which \"" + argument + "\" would be given to"),
                    e);
        } catch (IllegalAccessException | InstantiationException e) {
            throw new InvalidInputException(
                    where + "the class cannot be made: it must be public and not abstract", e);
        } catch (InvocationTargetException e) {
            throw new InvalidInputException(where + "its constructor failed: " + e.getCause(), e);
        }
    }

    private static Class<?> find(String where, String name) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        try {
            return Class.forName(name, true, context != null ? context : PolicyClass.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new InvalidInputException(where + "no such class on the class path", e);
        } catch (LinkageError e) {
            throw new InvalidInputException(where + "the class cannot be loaded: " + e, e);
        }
    }
}
