"""A family of samples: its files in one folder, and one line of JSON about each.

A line says what the file is (`format`, `made_by`), whether it is benign or malicious, and what makes it so (`why`). A
malicious one also says how it is proven: `load` names the loader in prove.py that reaches the marker, or `unproven`
says why none can.
"""

import hashlib
import json
import pathlib
import platform
import sys

# What every malicious sample makes when it is loaded, and all that it does: a file or folder whose name starts so, in
# the working folder.
MARKER = "holdfast-marker"


def version_of(package):
    """`torch 2.15.0`: what made a file, with its version."""
    if package == "python":
        return f"python {platform.python_version()}"
    if package == "specification":
        return "the format's specification"
    import importlib.metadata

    return f"{package} {importlib.metadata.version(package)}"


class Family:
    def __init__(self, label, name, made_by):
        assert label in ("benign", "malicious")
        self.label, self.name, self.made_by = label, f"{label}-{name}", made_by
        self.folder = pathlib.Path(sys.argv[1]) / self.name
        self.folder.mkdir(parents=True)
        self.lines = {}

    def path(self, name):
        """Where a framework may write a file that `written` then takes in."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def add(self, name, data, format, why, **more):
        """Writes a file and describes it."""
        path = self.path(name)
        assert not path.exists(), f"{self.name}/{name} is there already"
        path.write_bytes(data)
        self.written(name, format, why, **more)

    def link(self, name, target, why, **more):
        """Makes a symbolic link and describes it as what it is."""
        self.path(name).symlink_to(target)
        self.lines[name] = self.line(name, target.encode(), "link", why, **more)

    def written(self, name, format, why, *, made_by=None, **more):
        """
        Describes a file that is there. More: `effect` (what loading it would do), `load` or `unproven`, `folder` (the
        sample is a folder, and this file lies in it), `companion` (it is of no account by itself), `varies` (made
        again, its bytes differ).
        """
        if self.label == "malicious" and "companion" not in more:
            assert ("load" in more) != ("unproven" in more), f"{name}: proven how?"
        self.lines[name] = self.line(name, self.path(name).read_bytes(), format, why, made_by, **more)

    def line(self, name, data, format, why, made_by=None, **more):
        return {
            "path": f"{self.name}/{name}",
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "label": self.label,
            "family": self.name,
            "format": format,
            "made_by": version_of(made_by or self.made_by),
            "why": why,
            **more,
        }

    def finish(self):
        """Writes the manifest of the family, beside its folder."""
        found = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_symlink() or path.is_file()}
        assert found == set(self.lines), f"not described: {sorted(found ^ set(self.lines))}"
        lines = [json.dumps(self.lines[name], ensure_ascii=False) for name in sorted(self.lines)]
        pathlib.Path(f"{self.folder}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        counted = [line for line in self.lines.values() if "companion" not in line]
        print(f"{self.name}: {len(counted)} samples, {sum(line['size'] for line in self.lines.values())} bytes")
