"""How Sphinx builds the documentation: `make docs`. It asks nothing of any network."""

import shutil
from pathlib import Path

from woozle import __version__

HERE = Path(__file__).parent
project, author, copyright = "woozle", "The woozle maintainers", "The woozle maintainers"
version = release = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme, html_title = "furo", "woozle"
html_copy_source = False
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are shown as they are stored; `make test` runs them
suppress_warnings = ["mystnb.unknown_mime_type"]
autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False

# The tutorial is the notebook for those who are new.
shutil.copy(HERE.parent / "START_HERE.ipynb", HERE / "tutorial.ipynb")
