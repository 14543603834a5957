"""A run or a check as one page to open: its figures, its course, its problems, what is next."""
