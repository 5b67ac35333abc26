"""What was handed in, read as hostile data and laid beside its release."""
