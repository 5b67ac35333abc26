"""What students are handed out, made from a course's solutions."""
