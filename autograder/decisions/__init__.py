"""What an instructor decides on a class after the fact: its file, and what it does to a result."""
