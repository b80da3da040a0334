"""What phones without a network did, taken in; and what others did, handed out."""
