"""The part of the site that runs in the visitor's browser: the run, and the page around it."""
