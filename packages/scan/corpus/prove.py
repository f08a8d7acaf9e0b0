#!/usr/bin/env python3
"""Proves what the manifests claim: `prove.py FOLDER [FAMILY…]`, the folder as make.py fills it.

Each malicious sample that names a loader is loaded in a sandbox (bubblewrap: no network, nothing writable but a folder
of its own), and has to make its marker. Benign samples of the same loaders must load, and make none. The manifest then
says `proven: true` and by what. Exit 1 when a claim does not hold.
"""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEERS = pathlib.Path(os.environ.get("HOLDFAST_PEERS", "~/.cache/holdfast-peers")).expanduser()
PRELOAD = {
    "benign-pickle@scan": ["numpy", "pandas"],
    "benign-sklearn@scan": ["joblib", "sklearn.pipeline", "sklearn.ensemble", "sklearn.compose", "sklearn.svm", "sklearn.neural_network"],
    "benign-boosters@scan": ["joblib", "xgboost", "lightgbm"],
}


def sandbox(environment, corpus):
    """The command of a Python in the sandbox: that of a virtual environment, or the machine's."""
    python = PEERS / environment / "bin/python" if environment else pathlib.Path(sys.executable)
    hide = ["--tmpfs", "/tmp", "--dir", "/tmp/work", "--ro-bind", str(corpus), "/tmp/corpus", "--ro-bind", str(HERE), "/tmp/loaders"]
    variables = {"PATH": "/usr/bin:/bin", "HOME": "/tmp/work", "LANG": "C.UTF-8", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1"}
    given = [part for pair in variables.items() for part in ("--setenv", *pair)]
    return ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", *hide, "--unshare-all", "--die-with-parent",
            "--new-session", "--clearenv", *given, "--chdir", "/tmp/work", str(python), "/tmp/loaders/loaders.py"]


def version_of(environment, loader):
    """`joblib 1.6.0`, `python 3.11.7`: what loaded it."""
    python = PEERS / environment / "bin/python" if environment else sys.executable
    framework = {"torch": "torch", "torchscript": "torch", "keras": "keras", "keras-config": "keras", "tensorflow": "tensorflow",
                 "graph": "tensorflow", "numpy": "numpy", "joblib": "joblib", "gguf-template": "jinja2", "template": "jinja2", "yaml": "PyYAML"}.get(loader)
    program = (
        "import platform; print('python', platform.python_version())"
        if framework is None
        else f"import importlib.metadata as m; print('{framework}', m.version('{framework}'))"
    )
    return subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


def answers(environment, corpus, samples):
    requests = [
        json.dumps({
            "path": f"/tmp/corpus/{line['path']}",
            "loader": line["load"].partition("@")[0],
            "steps": line.get("steps", []),
            # A program that a sample starts may need a moment; nothing is waited for where nothing may come.
            "patient": line["label"] == "malicious",
            "preload": PRELOAD.get(f"{line['family']}@{environment}", []),
        })
        for line in samples
    ]
    command = sandbox(environment, corpus)
    done = subprocess.run(command, input="\n".join(requests), capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if len(lines) != len(samples):
        sys.exit(f"the loaders of {environment or 'python'} broke off at {samples[len(lines)]['path']}: {done.stderr[-800:]}")
    return [json.loads(line) for line in lines]


def prove(corpus, manifest):
    lines = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    wrong = 0
    by_environment = {}
    for line in lines:
        if "load" in line:
            by_environment.setdefault(line["load"].partition("@")[2], []).append(line)
    for environment, samples in by_environment.items():
        versions = {}
        for line, answer in zip(samples, answers(environment, corpus, samples), strict=True):
            loader = line["load"].partition("@")[0]
            versions.setdefault(loader, version_of(environment, loader))
            expected = line["label"] == "malicious"
            loaded = answer["problem"] == ""
            if answer["reached"] != expected or (not expected and not loaded):
                wrong += 1
                print(f"{line['path']}: {'not proven' if expected else 'does not load'}: {answer['problem']}")
                line.pop("proven", None)
            else:
                line["proven"] = True
                line["proof"] = versions[loader]
    manifest.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    print(f"{manifest.stem}: {sum(len(samples) for samples in by_environment.values()) - wrong} proven, {wrong} not")
    return wrong


def main():
    corpus = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:]
    manifests = [path for path in sorted(corpus.glob("*.jsonl")) if not wanted or path.stem in wanted]
    sys.exit(1 if sum(prove(corpus, manifest) for manifest in manifests) else 0)


if __name__ == "__main__":
    main()
