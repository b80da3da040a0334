"""Users, families, children, and who may do what for which child."""
