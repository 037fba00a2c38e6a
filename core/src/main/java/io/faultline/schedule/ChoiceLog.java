package io.faultline.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.faultline.registry.InvalidInputException;

/**
 * What was chosen, in order: for each pick among two or more pending steps, the place of the one picked among them,
 * from 0 for the one that had waited longest. So a log of zeros is first come, first served, whatever chose it, and the
 * numbers other than 0 are what makes a schedule special. It says nothing of picks without a choice.
 *
 * <p>Mutable, not thread-safe.
 */
public final class ChoiceLog {
    private static final int INITIAL_CAPACITY = 64;
    private static final Pattern WORD = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    /** More would not be a schedule anyone recorded, but a typing error that takes the memory away. */
    private static final int SIZE_MAX = 1 << 28;

    private int[] choices = new int[INITIAL_CAPACITY];
    private int size;

    /** A log of the given choices. */
    public static ChoiceLog of(int... choices) {
        var log = new ChoiceLog();
        for (int choice : choices) {
            log.add(choice);
        }
        return log;
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param text choices separated by white space; {@code 0x17} is 17 times 0
     * @throws InvalidInputException naming the first word that is no choice
     */
    public static ChoiceLog parse(String text) {
        var log = new ChoiceLog();
        List<String> words = SPACE.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
        for (int index = 0; index < words.size(); index++) {
            Matcher word = WORD.matcher(words.get(index));
            if (!word.matches()) {
                throw new InvalidInputException("word " + (index + 1) + " of the choices is \"" + words.get(index)
                        + "\": it must be a number, or a number, an x and how many times");
            }
            int choice = Integer.parseInt(word.group(1));
            int times = word.group(2) == null ? 1 : Integer.parseInt(word.group(2));
            if (times > SIZE_MAX - log.size) {
                throw new InvalidInputException("word " + (index + 1) + " of the choices is \"" + words.get(index)
                        + "\": there can be " + SIZE_MAX + " choices in all");
            }
            log.reserve(log.size + times);
            Arrays.fill(log.choices, log.size, log.size + times, choice);
            log.size += times;
        }
        return log;
    }

    /** Appends a choice, at least 0. */
    public void add(int choice) {
        if (choice < 0) {
            throw new IllegalArgumentException("choice " + size + " is " + choice + ", but must not be negative");
        }
        if (size == choices.length) {
            reserve(size + 1);
        }
        choices[size++] = choice;
    }

    /** {@return how many choices there are} */
    public int size() {
        return size;
    }

    /**
     * {@return a choice}
     *
     * @param index from 0, below {@link #size}
     */
    public int get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException("choice " + index + " of " + size);
        }
        return choices[index];
    }

    /** {@return how many choices are not first come, first served} */
    public int deviations() {
        int deviations = 0;
        for (int index = 0; index < size; index++) {
            deviations += choices[index] == 0 ? 0 : 1;
        }
        return deviations;
    }

    /** {@return the choices, copied} */
    public int[] toArray() {
        return Arrays.copyOf(choices, size);
    }

    /** {@return a log of its own with the same choices} */
    public ChoiceLog copy() {
        return of(toArray());
    }

    /** Forgets all. */
    public void clear() {
        size = 0;
    }

    /** {@return the choices as text, which {@link #parse} reads: {@code 0x17 3 0x2 1}} */
    public String text() {
        var words = new ArrayList<String>();
        int index = 0;
        while (index < size) {
            int choice = choices[index];
            int end = index + 1;
            while (end < size && choices[end] == choice) {
                end++;
            }
            words.add(end == index + 1 ? Integer.toString(choice) : choice + "x" + (end - index));
            index = end;
        }
        return String.join(" ", words);
    }

    private void reserve(int capacity) {
        if (capacity > choices.length) {
            choices = Arrays.copyOf(choices, Math.max(capacity, choices.length + (choices.length >> 1)));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChoiceLog log
                && Arrays.equals(choices, 0, size, log.choices, 0, log.size);
    }

    /** The contents change, so nothing of them may enter. */
    @Override
    public int hashCode() {
        return ChoiceLog.class.getName().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
