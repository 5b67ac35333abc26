"""Delete a student from a class: find all that is kept, and take it out."""
