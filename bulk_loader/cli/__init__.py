"""The command line: parses, calls a workflow, prints, and ends with an exit code.

Nothing here imports pandas, pydantic, httpx or tqdm before a command needs it, so that help and
usage errors come at once.
"""

from bulk_loader.cli.app import main

__all__ = ["main"]
