"""Records what DVC makes of its own files, for packages/pipeline/test/adopt-dvc*.test.ts.

Usage, from the root of the repository, with the pins of requirements-dvc.txt:
    python tools/peers/record-dvc.py                  # templates, scalars, and a repository of this DVC
    python tools/peers/record-dvc.py --only-repository # with an older DVC: its repository only

Writes spec/vectors/valid/adopt-dvc-templates.json and spec/vectors/valid/adopt-dvc-VERSION/ (the first number of it).
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import dvc

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
VECTORS = os.path.join(ROOT, "spec", "vectors", "valid")
DVC = [sys.executable, "-m", "dvc"]

PARAMS = """\
split: {seed: 3, ratio: 0.5}
train:
  epochs: 3
  lr: 1e-5
  dropout: 1.0
  name: my model
  deep: {momentum: 0.9}
  verbose: true
  resume: false
  tags: [a, "b c", 1]
sizes: [small, large]
grids:
  - {depth: 2, rate: 0.1}
  - {depth: 4, rate: 0.01}
regions:
  uk: {epochs: 3, data: data/uk.csv}
  us: {epochs: 10, data: data/us.csv}
big: 1e21
year: 010
"""

CASES = {
    "plain": {
        "dvc.yaml": """\
stages:
  prepare:
    desc: Splits the data
    cmd: python prepare.py
    deps: [data/raw.csv, prepare.py]
    params: [split, other.yaml: [a, b]]
    outs: [made/train.csv, made/test.csv: {cache: false, persist: true}]
    metrics: [made/m.json: {cache: false}]
    plots: [made/roc.json: {x: fpr, y: tpr}]
    frozen: true
    always_changed: true
"""
    },
    "variables": {
        "dvc.yaml": """\
vars:
  - out: made
    nested: {list: [1, 2, {deep: 7}]}
  - more.json:who,when
stages:
  a:
    cmd: run --lr ${train.lr} --dropout ${train.dropout} ${train.verbose} ${nested.list[2].deep} ${ nested.list[0] } ${who}
    outs: ["${out}/a-${split.seed}.csv"]
  b:
    vars: [{local: 2.50}]
    wdir: ${out}
    cmd:
      - echo ${local} ${year} ${big}
      - echo \\${HOME} ${when} ${train.name}
    deps: [a-3.csv]
""",
        "more.json": '{"who": "me", "when": null, "unused": 1}',
    },
    "dictionaries become flags": {
        "dvc.yaml": """\
stages:
  train:
    cmd: python train.py ${train}
"""
    },
    "foreach over a list": {
        "dvc.yaml": """\
stages:
  fit:
    foreach: ${sizes}
    do:
      cmd: fit ${item}
      outs: ["made/${item}.bin"]
"""
    },
    "foreach over mappings": {
        "dvc.yaml": """\
stages:
  fit:
    foreach: ${regions}
    do:
      cmd: fit ${key} --epochs ${item.epochs}
      deps: ["${item.data}"]
      outs: ["made/${key}.bin"]
  inline:
    foreach: {a: {x: 1}, b: {x: "${split.seed}"}}
    do: {cmd: "echo ${key} ${item.x}"}
  positions:
    foreach: ${grids}
    do: {cmd: "echo ${item.depth} ${item.rate}"}
  numbers:
    foreach: [1, 2.0, true]
    do: {cmd: "echo ${item}"}
"""
    },
    "matrix": {
        "dvc.yaml": """\
stages:
  grid:
    matrix:
      size: ${sizes}
      rate: [0.1, 1.0]
      grid: ${grids}
    cmd: fit ${key} ${item.size} ${item.rate} ${item.grid.depth}
    outs: ["made/${key}.bin"]
"""
    },
}

SCALARS = """true True TRUE yes no on off null ~ 1 +1 -1 010 0o10 0x1F 0b11 1_000 1.0 1. .5 -.5 1e3 1e-5 1.5e10 1e400 1.0e+2
+.inf -.inf .nan 1_0.5 12e03 2020-01-01 1:30 a 'quoted' "1" .  1.2.3 - = 0 00 1e16 123456789012345678901234567890 0.1 1e22
1e-4 0.00001 100000.0 5e-324""".split()


def scalars(load):
    return {text: str(load(f"v: {text}\n")["v"]) for text in SCALARS if text not in ("-", "=")}


def run(folder, *words):
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1", "HOME": folder, "SHELL": "/bin/sh"}
    subprocess.run(words, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def write(folder, path, content):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def templates():
    from dvc.parsing import DataResolver
    from dvc.repo import Repo
    from dvc.utils.serialize import loads_yaml
    import ruamel.yaml

    cases = []
    for name, files in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            run(folder, "git", "init", "-q")
            run(folder, *DVC, "init", "-q")
            for path, text in {"params.yaml": PARAMS, **files}.items():
                write(folder, path, text)
            resolver = DataResolver(Repo(folder), folder, loads_yaml(files["dvc.yaml"]))
            cases.append({"name": name, "files": {"params.yaml": PARAMS, **files}, "stages": resolver.resolve()["stages"]})
    return {
        "recordedFrom": {"dvc": dvc.__version__, "ruamel.yaml": ruamel.yaml.__version__},
        "scalars": scalars(loads_yaml),
        "cases": cases,
    }


def repository(target):
    """A repository with everything that DVC hashes: a file, a text with DOS line ends, a folder, outputs of stages."""
    with tempfile.TemporaryDirectory() as folder:
        run(folder, "git", "init", "-q")
        run(folder, *DVC, "init", "-q")
        write(folder, "data/raw.csv", "a,b\n1,2\n3,4\n")
        write(folder, "data/dos.csv", "a,b\r\n1,2\r\n")
        write(folder, "data/bytes.bin", bytes(range(256)) + b"\r\n\x00\r\n")
        write(folder, "data/folder/1.txt", "one\r\n")
        write(folder, "data/folder/deep/two.txt", "two\n")
        write(folder, "rules.csv", "in git\n")
        write(folder, "params.yaml", "limit: 2\n")
        write(folder, "head.sh", 'head -n "$1" data/raw.csv\n')
        write(
            folder,
            "dvc.yaml",
            """\
stages:
  shorten:
    cmd: mkdir -p made && sh head.sh ${limit} > made/short.csv
    deps: [data/raw.csv, head.sh, rules.csv]
    params: [limit]
    outs:
      - made/short.csv
  count:
    foreach: [a, b]
    do:
      cmd: mkdir -p made/${item} && wc -l < made/short.csv > made/${item}/lines.txt
      deps: [made/short.csv, data/folder]
      outs: ["made/${item}"]
""",
        )
        run(folder, *DVC, "add", "-q", "data/raw.csv", "data/dos.csv", "data/bytes.bin", "data/folder")
        run(folder, *DVC, "repro", "-q")
        shutil.rmtree(target, ignore_errors=True)
        for path, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if name not in (".git", "tmp", "runs")]
            for name in names:
                if name not in (".gitignore", ".dvcignore"):
                    source = os.path.join(path, name)
                    write(target, os.path.relpath(source, folder), open(source, "rb").read())
    write(target, "RECORDED.txt", f"dvc {dvc.__version__}\n")


repository(os.path.join(VECTORS, f"adopt-dvc-{dvc.__version__.split('.')[0]}"))
if "--only-repository" not in sys.argv:
    with open(os.path.join(VECTORS, "adopt-dvc-templates.json"), "w") as file:
        json.dump(templates(), file, indent=1, ensure_ascii=True)
        file.write("\n")
