"""How Sphinx makes the web site, of the pages that scripts/build_docs.py gathers in build/docs/pages: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import memnet
from memnet.devices import MODELS

project = "memnet"
author = "The memnet authors"
copyright = author  # noqa: A001
version = release = memnet.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc", "sphinx_design", "sphinx_copybutton", "making.extension"]
root_doc = "index"
# Broken references are warnings, and `make docs` makes those errors. Single backquotes in docstrings are names where
# there is such a name, else code.
nitpicky = True
default_role = "py:obj"
nitpick_ignore_regex = [("py:obj", ".*")]
# Indented blocks of pages are equations, output and commands.
highlight_language = "none"

autodoc_typehints = "none"
autodoc_member_order = "bysource"
add_module_names = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
# What of numpydoc's rules holds here; tests/test_docstrings.py has those of our own.
numpydoc_validation_checks = {
    *("GL03", "GL05", "GL06", "GL07", "GL09", "GL10"),  # blank lines, tabs, sections and their order
    *("SS01", "SS03", "SS04"),  # a summary with a full stop
    *("PR02", "PR05", "PR07", "PR09", "PR10"),  # parameters that there are, described
    *("RT02", "RT05", "YD01"),  # what comes back
}
# Docstrings of device models come from their tables, with sections of their own.
numpydoc_validation_exclude = {rf"devices\.{name}$" for name in MODELS}

myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # they are stored with their outputs; `make check-notebooks` executes them
nb_mime_priority_overrides = [("html", "text/html", 0)]

html_theme = "pydata_sphinx_theme"
html_title = f"memnet {release}"
html_math_renderer = "mathml"
html_static_path = ["making/static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "navigation_depth": 2,
    "show_nav_level": 1,
    "collapse_navigation": True,
    "header_links_before_dropdown": 7,
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "search_as_you_type": False,
}
html_sidebars = {"index": [], "gallery": []}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = False
