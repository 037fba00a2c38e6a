package io.faultline.explore;

/**
 * A step that was made.
 *
 * @param source the number of the script or channel it came from
 * @param column in which column of the swim lanes it stands, from 0
 * @param what it did
 * @param note what came of it; may be empty
 */
public record Happening(int source, int column, String what, String note) {
    @Override
    public String toString() {
        return note.isEmpty() ? what : what + ": " + note;
    }
}
