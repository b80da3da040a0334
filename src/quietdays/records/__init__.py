"""What every record shares: its id, when it happened, who entered it, history, one writer."""
