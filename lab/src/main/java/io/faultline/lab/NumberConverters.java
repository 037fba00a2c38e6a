package io.faultline.lab;

import java.util.function.Function;

import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads options that are plain numbers; picocli's own would call a wrong one "not an int". */
final class NumberConverters {
    private NumberConverters() {}

    /** Makes a command use them. */
    static CommandLine register(CommandLine command) {
        String whole = "must be a whole number of at most ";
        return command
                .registerConverter(int.class, reader(Integer::valueOf, whole + Integer.MAX_VALUE))
                .registerConverter(Integer.class, reader(Integer::valueOf, whole + Integer.MAX_VALUE))
                .registerConverter(long.class, reader(Long::valueOf, whole + Long.MAX_VALUE))
                .registerConverter(Long.class, reader(Long::valueOf, whole + Long.MAX_VALUE))
                .registerConverter(double.class, reader(Double::valueOf, "must be a number"));
    }

    private static <N> ITypeConverter<N> reader(Function<String, N> parser, String what) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(what + ", not \"" + text + "\"");
            }
        };
    }
}
