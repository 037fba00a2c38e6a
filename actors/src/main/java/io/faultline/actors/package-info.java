/**
 * The actors of a machine and the messages between them: the ring of {@link io.faultline.actors.VCpu},
 * {@link io.faultline.actors.Memslot}, {@link io.faultline.actors.FaultHandler} and
 * {@link io.faultline.actors.PageFetcher}, with {@link io.faultline.actors.TlbShootdown} and
 * {@link io.faultline.actors.AddressSpaceOwner} beside it and {@link io.faultline.actors.VirtualMachine} above. What an
 * actor owns is a plain object of the module {@code core}; what is left here is who tells whom, and when.
 */
@NullMarked
package io.faultline.actors;

import org.jspecify.annotations.NullMarked;
