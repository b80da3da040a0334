"""What is due, who is told of it by which channel, and whether it arrived."""
