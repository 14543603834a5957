"""Unattended uploads: which files are taken, by which rules, and how a night ended."""
