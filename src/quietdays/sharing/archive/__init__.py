"""Everything that is stored of a child as one file, and the way back into another house."""
