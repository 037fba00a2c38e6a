/**
 * What a machine does as Trace Event JSON, which ui.perfetto.dev and chrome://tracing open: a lane a track, written as it
 * happens.
 */
@NullMarked
package io.faultline.lab.events;

import org.jspecify.annotations.NullMarked;
