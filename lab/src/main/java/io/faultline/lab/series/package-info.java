/** What a machine did over time, in a bounded number of buckets however long it ran. */
@NullMarked
package io.faultline.lab.series;

import org.jspecify.annotations.NullMarked;
