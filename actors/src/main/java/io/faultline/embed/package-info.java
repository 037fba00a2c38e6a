/**
 * Faultline for those who embed it: pick a {@link io.faultline.embed.World}, run a machine in it or open one and drive it
 * oneself. For a machine in an actor system of one's own see {@link io.faultline.actors.VirtualMachine#create}.
 */
@NullMarked
package io.faultline.embed;

import org.jspecify.annotations.NullMarked;
