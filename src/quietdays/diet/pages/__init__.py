"""The diet's pages, by what they are about."""
