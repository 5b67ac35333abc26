"""One notebook: read it as hostile data, execute it in the sandbox, decide its points, keep the result."""
