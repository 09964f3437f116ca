"""Write vega, vega-lite and vega-embed, as vl-convert bundles them, into the template of the report, compressed.

A page holds them in this form: a third of the size. Run it when vl-convert in the lock changes; a test compares.
"""

import zlib
from pathlib import Path

import vl_convert

TARGET = Path(__file__).parents[1] / "lib" / "woozle" / "page" / "template" / "vega.js.deflate"


def main() -> None:
    """Write the bundle."""
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    TARGET.write_bytes(packer.compress(script.encode()) + packer.flush())
    print(f"{TARGET.name}: {len(script)} letters in {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
