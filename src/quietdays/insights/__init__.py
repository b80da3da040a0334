"""Records become days, days become weeks and the 4-week effect."""
