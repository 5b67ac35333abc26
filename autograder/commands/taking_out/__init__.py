"""What takes something out of a class: grades and feedback for other systems, a student."""
