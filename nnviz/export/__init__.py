"""Export: pictures, animations and data files of a recipe at an epoch."""
