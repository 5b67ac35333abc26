"""What the notebooks of a class have in common, and what is odd in them."""
