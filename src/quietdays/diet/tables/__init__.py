"""National tables of food composition: one module for each, found by the layout of its files."""
