"""Downloads of a learning platform, brought into a class's submitted/ folder."""
