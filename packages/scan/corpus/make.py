#!/usr/bin/env python3
"""Makes the corpus again: `make.py FOLDER [FAMILY…]`, each family with the Python of its framework's environment.

Then `prove.py FOLDER` proves it, and `pack.py FOLDER` takes it into files/.
"""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PEERS = pathlib.Path(os.environ.get("HOLDFAST_PEERS", "~/.cache/holdfast-peers")).expanduser()

# Which environment makes which family; those of no framework need none.
MAKERS = {
    "malicious-calls": "",
    "malicious-hidden": "",
    "malicious-carriers": "",
    "malicious-torchscript": "scan-torch",
    "malicious-archives": "",
    "malicious-names": "",
    "malicious-graphs": "scan",
    "malicious-keras": "scan",
    "malicious-savedmodel": "scan-tensorflow",
    "malicious-folders": "scan",
    "benign-pickle": "scan",
    "benign-sklearn": "scan",
    "benign-boosters": "scan",
    "benign-numbers": "scan",
    "benign-onnx": "scan",
    "benign-torch": "scan-torch",
    "benign-keras": "scan-tensorflow",
    "benign-folders": "scan",
    "benign-archives": "scan",
}


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for family in sys.argv[2:] or MAKERS:
        environment = MAKERS[family]
        python = PEERS / environment / "bin/python" if environment else sys.executable
        script = HERE / f"make_{family.replace('-', '_')}.py"
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        subprocess.run([python, "-W", "ignore", script, folder], check=True, env=os.environ | quiet)


if __name__ == "__main__":
    main()
