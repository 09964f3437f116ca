"""SHA-256 of files and values."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return sha256(path.read_bytes())


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    r"""Return a value as canonical JSON in UTF-8: keys sorted, no spaces.

    Examples
    --------
    >>> canonical({"b": 1, "a": "ü"})
    b'{"a":"\xc3\xbc","b":1}'
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=dict).encode()
