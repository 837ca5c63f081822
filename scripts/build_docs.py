"""Build the web site: gather its pages in build/docs/pages, let Sphinx make build/docs/html, and look at every link.

python scripts/build_docs.py            `make docs`; warnings are errors
python scripts/build_docs.py --pages    gather the pages only
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

from making import checked, gallery, indexes, pages, reference  # noqa: E402

BUILD = ROOT / "build" / "docs"


def gathered() -> pages.Files:
    """Return the files that Sphinx reads, by their places below the root of the site."""
    notebooks = pages.notebooks()
    files = pages.written()
    files |= {name: json.dumps(notebook).encode() for name, notebook in notebooks.items()}
    files |= {name: text.encode() for name, text in reference.pages().items()}
    files |= gallery.files(notebooks)
    files |= indexes.pages(files, notebooks)
    return pages.with_trees(files)


def main() -> int:
    """Build, and return 0 where there was nothing to warn of."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", action="store_true", help="gather the pages only")
    given = parser.parse_args()
    start = time.monotonic()
    pages.write(gathered(), BUILD / "pages")
    print(f"{BUILD / 'pages'}: gathered in {time.monotonic() - start:.0f} s", flush=True)
    if given.pages:
        return 0
    # All pages are written: the side bar of one may show another that changed.
    options = ["-a", "-q", "-W", "--keep-going", "-j", "auto", "-c", str(ROOT / "docs"), "-d", str(BUILD / "doctrees")]
    failed = build_main([*options, str(BUILD / "pages"), str(BUILD / "html")])
    wrong = checked.faults(BUILD / "html")
    print("\n".join(wrong[:100]))
    print(f"{BUILD / 'html' / 'index.html'}: {len(wrong)} broken links, {time.monotonic() - start:.0f} s")
    return int(bool(failed or wrong))


if __name__ == "__main__":
    sys.exit(main())
