"""One module a verb; they return values and print nothing."""
