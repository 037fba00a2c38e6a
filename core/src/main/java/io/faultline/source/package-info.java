/**
 * Where pages' bytes come from: an image file, a caller's memory, contents computed from the page's number. Sources are
 * plain and know nothing of time; how slow or faulty one is, is data ({@link io.faultline.source.SourceTiming}) that the
 * world applies.
 */
@NullMarked
package io.faultline.source;

import org.jspecify.annotations.NullMarked;
