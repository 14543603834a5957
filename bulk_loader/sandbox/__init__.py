"""A dialer to try against: it takes tasks as the vendor's page says and shows its queue.

Nothing here imports Starlette or uvicorn before a sandbox is started, so that the words
can be used, and `--help` shown, without the extra `bulk-loader[sandbox]`.
"""

from bulk_loader.sandbox.options import SandboxOptions, read_agents
from bulk_loader.sandbox.server import Sandbox, serve
from bulk_loader.sandbox.store import QueuedTask

__all__ = ["QueuedTask", "Sandbox", "SandboxOptions", "read_agents", "serve"]
