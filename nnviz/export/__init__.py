"""Taking a run away: pictures, animations and files of a recipe at an epoch."""
