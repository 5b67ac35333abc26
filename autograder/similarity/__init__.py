"""What is alike in a class: texts that say the same."""
