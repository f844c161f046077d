"""One table per choice; each record holds its maths, formulas, source text and labels."""
