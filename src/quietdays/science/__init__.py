"""Pure numbers: no Django, no clock, no storage. Floats with their unit in the name."""
