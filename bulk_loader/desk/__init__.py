"""The page for people without a terminal: what the command does, in a browser of this machine.

Nothing here imports Starlette, uvicorn or Jinja2 before a desk is started, so that `--help` can be
shown without the extra `bulk-loader[desk]`.
"""

from bulk_loader.desk.options import DeskOptions
from bulk_loader.desk.reach import Reach
from bulk_loader.desk.server import Desk, serve

__all__ = ["Desk", "DeskOptions", "Reach", "serve"]
