"""The commands on what was graded: what moved, and what is decided after the fact."""
