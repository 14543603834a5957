"""What the addresses answer, a module a step."""
