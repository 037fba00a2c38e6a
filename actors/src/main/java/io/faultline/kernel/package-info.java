/**
 * What a machine asks of a kernel that is not simulated: {@link io.faultline.kernel.HostKernel}. Its vCPUs are threads then,
 * whose accesses that kernel makes, halts and resumes.
 */
@NullMarked
package io.faultline.kernel;

import org.jspecify.annotations.NullMarked;
