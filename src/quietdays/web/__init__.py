"""Settings, addresses, base pages, static files."""
