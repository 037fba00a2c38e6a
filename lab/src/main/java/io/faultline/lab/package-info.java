/** The command line of Faultline. */
@NullMarked
package io.faultline.lab;

import org.jspecify.annotations.NullMarked;
