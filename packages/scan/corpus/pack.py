#!/usr/bin/env python3
"""Takes a corpus into files/: `pack.py FOLDER [FAMILY…]`. Each family becomes one archive, always of the same bytes."""

import gzip
import io
import pathlib
import shutil
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent


def plain(info):
    """An entry without times, owners and the rights of whoever packed it."""
    info.mtime, info.uid, info.gid, info.uname, info.gname = 0, 0, 0, "", ""
    info.mode = 0o755 if info.isdir() else 0o644
    return info


def pack(family):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(family, family.name, filter=plain)
    return gzip.compress(buffer.getvalue(), 9, mtime=0)


def main():
    corpus = pathlib.Path(sys.argv[1])
    files = HERE / "files"
    files.mkdir(exist_ok=True)
    for manifest in sorted(corpus.glob("*.jsonl")):
        if sys.argv[2:] and manifest.stem not in sys.argv[2:]:
            continue
        data = pack(corpus / manifest.stem)
        (files / f"{manifest.stem}.tar.gz").write_bytes(data)
        shutil.copyfile(manifest, files / manifest.name)
        print(f"{manifest.stem}: {len(data)} bytes")


if __name__ == "__main__":
    main()
