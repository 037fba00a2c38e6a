/**
 * The command line: {@link io.faultline.lab.Main} finds the subcommand, which checks everything the user wrote before
 * it does anything, runs, shows progress on standard error and results on standard output.
 *
 * <p>Other modules add subcommands: see {@link io.faultline.lab.FaultlineCommand}.
 */
@NullMarked
package io.faultline.lab;

import org.jspecify.annotations.NullMarked;
