"""Runs students' code in a confined child process that answers questions and knows nothing else.

`host/` is the trusted side. `guest/`, with `wire`, `records`, `zygote_orders`, `plain`, `definitions` and `errors`, is
all that enters the sandbox.
"""
