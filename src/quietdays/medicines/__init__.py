"""Medicines, their schedules, and the doses given."""
