"""How the web site is made of this repository: `scripts/build_docs.py` puts these together."""
