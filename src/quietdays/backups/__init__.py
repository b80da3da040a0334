"""Backups that were proved to restore, and the way back from one."""
