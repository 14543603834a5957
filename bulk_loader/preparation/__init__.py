"""From a file to leads that may be sent: read, screened, mapped, and held against the history."""
