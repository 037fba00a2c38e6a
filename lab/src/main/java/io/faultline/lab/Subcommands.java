package io.faultline.lab;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the subcommand, runs it, and turns whatever goes wrong into one line and an exit code. */
final class Subcommands {
    /** Set to anything, it adds the stack trace of what broke a command off. */
    private static final String DEBUG_VARIABLE = "FAULTLINE_DEBUG";

    /** Those of the design that are still to come; a module that provides one takes it off this list by being there. */
    private static final List<String> LATER = List.of("calibrate", "bench");

    private final CommandLine root;

    private Subcommands(CommandLine root) {
        this.root = root;
    }

    static Subcommands of(FaultlineCommand... commands) {
        return new Subcommands(new CommandLine(new RootCommand())).and(List.of(commands));
    }

    Subcommands and(Iterable<FaultlineCommand> more) {
        for (FaultlineCommand command : more) {
            root.addSubcommand(NumberConverters.register(new CommandLine(command)));
        }
        return this;
    }

    int run(String[] args, Console console) {
        String name = "faultline";
        try {
            ParseResult parsed = parse(args);
            ParseResult leaf = leaf(parsed);
            name = leaf.commandSpec().qualifiedName();
            root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
            if (CommandLine.executeHelpRequest(parsed) != null) {
                return ExitCode.HELD;
            }
            if (leaf.commandSpec().userObject() instanceof FaultlineCommand command) {
                return command.run(console);
            }
            throw new InvalidInputException("which command? Known are " + known() + "; --help says more");
        } catch (ParameterException e) {
            return refuse(console, e.getCommandLine().getCommandSpec().qualifiedName(), worded(e));
        } catch (InvalidInputException e) {
            return refuse(console, name, e.getMessage());
        } catch (MachineLacksException e) {
            say(console, name, e.getMessage(), e);
            return ExitCode.MACHINE_LACKS;
        } catch (OutOfMemoryError e) {
            say(console, name, "out of memory (" + e.getMessage()
                    + "): a larger FAULTLINE_HEAP, --contents tokens or less memory and fewer vCPUs may help", e);
            return ExitCode.MACHINE_LACKS;
        } catch (Exception | Error e) {
            say(console, name, "broke off: " + e + (debugging() ? "" : " (" + DEBUG_VARIABLE + "=1 shows where)"), e);
            return ExitCode.BROKEN;
        }
    }

    private ParseResult parse(String[] args) {
        if (args.length > 0 && LATER.contains(args[0]) && !root.getSubcommands().containsKey(args[0])) {
            throw new InvalidInputException("the command " + args[0] + " is not available yet");
        }
        return root.parseArgs(args);
    }

    private static ParseResult leaf(ParseResult parsed) {
        ParseResult leaf = parsed;
        while (leaf.hasSubcommand()) {
            leaf = leaf.subcommand();
        }
        return leaf;
    }

    private String worded(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String first = unmatched.getUnmatched().getFirst();
            if (unmatched.isUnknownOption()) {
                List<String> near = unmatched.getSuggestions();
                return "unknown option " + first + (near.isEmpty() ? "" : ": did you mean " + near.getFirst() + "?");
            }
            return unmatched.getCommandLine() == root
                    ? "unknown command \"" + first + "\": known are " + known()
                    : "\"" + first + "\" is no option; options begin with --";
        }
        return String.valueOf(e.getMessage());
    }

    private String known() {
        return String.join(", ", new ArrayList<>(root.getSubcommands().keySet()));
    }

    private static int refuse(Console console, String name, @Nullable String message) {
        console.err().println(line(name, message));
        return ExitCode.BAD_INPUT;
    }

    private static void say(Console console, String name, @Nullable String message, Throwable cause) {
        console.err().println(line(name, message));
        if (debugging()) {
            cause.printStackTrace(console.err());
        }
    }

    /** A file name may hold a line break; a message that quotes it is one line all the same. */
    private static String line(String name, @Nullable String message) {
        return name + ": " + String.valueOf(message).replaceAll("\\s*\\R\\s*", " ");
    }

    private static boolean debugging() {
        return System.getenv(DEBUG_VARIABLE) != null;
    }
}
