"""Webhooks: another program is told that entries changed, and fetches them with its token."""
