"""What of the site runs in the visitor's browser: the run, and the page around it."""
