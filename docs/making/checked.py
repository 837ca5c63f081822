"""What is wrong with the links of a built site: files and anchors that are not there, and what loads from outside."""

from __future__ import annotations

import os
import re
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = re.compile(r"<(?:script|link|img|iframe|source|video)\b[^>]*?\s(?:src|href)=[\"']((?:https?:)?//[^\"']+)")
LINKS = re.compile(r"<(?:a|link|script|img|source|video)\b[^>]*?\s(?:href|src)=\"([^\"]*)\"")
IDS = re.compile(r"\s(?:id|name)=\"([^\"]+)\"")


@cache
def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


@cache
def _anchors(path: str) -> frozenset[str]:
    return frozenset(unescape(name) for name in IDS.findall(_text(path)))


def faults(folder: Path) -> list[str]:
    """Return a line for each fault of the pages of a folder; no network is asked."""
    found = []
    for page in sorted(set(folder.rglob("*.html")) - set((folder / "_static").rglob("*"))):
        name, text = page.relative_to(folder), _text(str(page))
        found += [f"{name}: loads {address}" for address in LOADS.findall(text)]
        for link in dict.fromkeys(LINKS.findall(text)):
            address = urlsplit(unescape(link))
            if address.scheme or address.netloc:
                continue
            there = os.path.normpath(page.parent / unquote(address.path)) if address.path else str(page)
            if not Path(there).is_file():
                found.append(f"{name}: no file {link}")
            elif address.fragment and there.endswith(".html") and unquote(address.fragment) not in _anchors(there):
                found.append(f"{name}: no anchor {link}")
    return found
