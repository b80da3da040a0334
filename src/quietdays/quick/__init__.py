"""One thing logged from outside the app: a phone's shortcut, a tag, a watch."""
