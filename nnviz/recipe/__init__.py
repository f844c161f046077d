"""What determines a run and its picture, as names and numbers."""
