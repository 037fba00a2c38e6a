/**
 * What a machine is told and what it tells: {@link io.faultline.machine.MachineSpec} says what to build,
 * {@link io.faultline.machine.Report} says what happened, {@link io.faultline.machine.RunProgress} listens meanwhile.
 * Plain values; nothing here knows of actors, worlds or files.
 */
@NullMarked
package io.faultline.machine;

import org.jspecify.annotations.NullMarked;
