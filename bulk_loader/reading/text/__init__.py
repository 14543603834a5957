"""Text files: CSV in all its dialects."""
