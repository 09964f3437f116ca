"""Bring the parameters in the templates of notebooks up to date with those of `woozle.Cascade`."""

from pathlib import Path

from woozle import notebook
from woozle.notebook.reading import write_parameters

for template in sorted((Path(notebook.__file__).parent / "template").glob("*.ipynb")):
    write_parameters(template)
