package io.faultline.registry;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

/** Things of one's own, chosen by the name of their class. */
public final class ClassPath {
    private ClassPath() {}

    /**
     * Tells whether a text is meant as the name of a class: names of registrations have no dot and no capital.
     *
     * @param text as the user wrote it
     * @return whether {@link #create} is worth a try
     */
    public static boolean looksLikeClass(String text) {
        return text.matches("([a-z_][\\w$]*\\.)+[\\w$]+|[A-Z][\\w$]*");
    }

    /**
     * Makes a thing by its class.
     *
     * @param what the kind of thing in words, for messages: "race"
     * @param className with its package; a nested class has a {@code $} before its name
     * @param kind what it must be; the class is public, and so is a constructor without parameters
     * @param <T> the kind of thing
     * @return a new one
     * @throws InvalidInputException when there is no such class, or it is none of the kind, or it cannot be made
     */
    public static <T> T create(String what, String className, Class<T> kind) {
        String where = what + " \"" + className + "\"";
        try {
            Class<?> found = Class.forName(className, true, ClassPath.class.getClassLoader());
            if (!kind.isAssignableFrom(found) || Modifier.isAbstract(found.getModifiers())) {
                throw new InvalidInputException(where + ": the class is no " + kind.getName() + " that can be made");
            }
            return kind.cast(found.getConstructor().newInstance());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new InvalidInputException(
                    where + ": no such class can be loaded (" + e + "); is it on FAULTLINE_CLASSPATH?",
                    e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw new InvalidInputException(
                    where + ": it needs to be public, with a public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new InvalidInputException(where + ": its constructor failed with " + e.getCause(), e);
        }
    }
}
