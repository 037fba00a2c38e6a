/**
 * How things are chosen by name: a registry per kind of thing, a registration per thing, the parameters that follow
 * its name, and the one exception that says "what you wrote is wrong".
 *
 * <p>A policy, a page source, a workload is one file and one line in its registry.
 */
@NullMarked
package io.faultline.registry;

import org.jspecify.annotations.NullMarked;
