"""What lies in a class's submitted/ folder: whose it is, which notebook counts, and when it was handed in."""
