/**
 * Pages for people: a self-contained HTML file of sections, tables and charts, which needs no network, no manual and no
 * second file. Data go in, markup comes out; what is escaped is escaped in {@code Markup} and nowhere else. Charts are drawn
 * by Apache ECharts in the reader's browser, and each has its figures as a table behind it.
 *
 * <p>All types are immutable; writing a page touches nothing but what it is given, and the same page gives the same bytes.
 */
@NullMarked
package io.faultline.lab.html;

import org.jspecify.annotations.NullMarked;
