"""What people are shown of a result: in the terminal, on nbgrader's pages, in the marked notebook."""
