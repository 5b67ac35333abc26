"""One notebook: run what was handed in, in the sandbox, decide its points, keep the result."""
