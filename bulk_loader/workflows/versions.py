"""What a report of a fault needs to say of the program and the machine; nothing heavy is imported."""

from __future__ import annotations

import platform
from importlib import metadata

NAME = "bulk-loader"

LIBRARIES = (
    *("charset-normalizer", "click", "filelock", "httptools", "httpx", "idna", "numpy", "openpyxl"),
    *("pandas", "pandera", "phonenumbers", "platformdirs", "pydantic", "tqdm", "truststore"),
    *("uvloop", "apprise", "cronsim", "holidays", "keyring", "prometheus-client", "psycopg"),
    *("python-crontab", "jinja2", "python-multipart", "pyyaml", "starlette", "tomlkit", "uvicorn"),
    "vl-convert-python",
)
"""All that is needed, then what the extras bring."""


def program_version() -> str:
    """Of this program."""
    return _version(NAME) or "(run from its source, not installed)"


def python_version() -> str:
    """The interpreter, and what it runs on."""
    return f"Python {platform.python_version()} ({platform.python_implementation()}) on {platform.platform()}"


def library_versions() -> dict[str, str]:
    """By name; what is not installed is left out."""
    found = {name: _version(name) for name in LIBRARIES}
    return {name: version for name, version in found.items() if version}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
