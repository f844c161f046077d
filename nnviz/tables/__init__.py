"""Tables that users bring: a file's bytes as columns, and columns as the data of a recipe."""
