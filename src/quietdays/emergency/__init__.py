"""What a child's team wrote for an emergency: signed, dated, kept version by version."""
