"""Foods, prescriptions, meals planned and meals eaten."""
