/**
 * What the machine is measured against in {@code fault-ring}: actors that only pass messages on, and the same job written
 * by hand without actors. They share the contents, the access pattern and the verification with the machine, and nothing
 * else.
 */
@NullMarked
package io.faultline.bench.peer;

import org.jspecify.annotations.NullMarked;
