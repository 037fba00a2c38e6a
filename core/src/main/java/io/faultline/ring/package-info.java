/**
 * The plain state behind the ring of actors: what a memslot waits for, what travels between the actors in one batch,
 * how a fault is resolved, how credits and receive slots are counted. No actor, thread or clock in here; each object
 * belongs to one actor and is tested without any.
 */
@NullMarked
package io.faultline.ring;

import org.jspecify.annotations.NullMarked;
