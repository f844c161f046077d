"""Recipe, look and moment: what determines a run and its picture, as names and numbers."""
