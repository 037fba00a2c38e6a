package io.faultline.lab.html;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A chart: what is drawn, and the same figures as a table for those who cannot or would rather not see it. */
public sealed interface Chart permits XyChart, BarChart, HeatMap {
    /** What it shows, in a few words. */
    String title();

    /** How to read it and what to look for, in a sentence or two. */
    String reading();

    /** Its figures. */
    DataTable table();

    /** What the page's script draws it from. */
    ObjectNode drawing();
}
