"""A run turned into numbers to show: field and boundary, units, one sample, one step, health."""
