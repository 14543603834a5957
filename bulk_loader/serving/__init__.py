"""What pages on the loopback have in common: sockets, signals, and what keeps strangers out.

Nothing of Starlette or uvicorn is imported before a module here is.
"""
