"""What stands behind a command: run it, say what happened, say what to do next."""
