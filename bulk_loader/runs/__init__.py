"""One run, from its lock to its results file."""
