"""One table a choice; each record answers for itself: maths, formulas, source text, labels."""
