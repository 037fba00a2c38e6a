/**
 * The event loop of the world {@code linux}: one thread runs mailboxes, and waits for userfaultfds when there are none, so
 * that a fault never changes threads. {@link io.faultline.linux.loop.EventLoop} is plain;
 * {@link io.faultline.linux.loop.EventLoopConfigurator} makes a Pekko dispatcher of it.
 */
@NullMarked
package io.faultline.linux.loop;

import org.jspecify.annotations.NullMarked;
