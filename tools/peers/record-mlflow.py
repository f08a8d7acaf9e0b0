"""Records the commands that MLflow makes of MLproject files, for packages/pipeline/test/adopt-mlflow.test.ts.

Usage, from the root of the repository, with the pins of requirements-mlflow.txt:
    python tools/peers/record-mlflow.py

Writes spec/vectors/valid/adopt-mlflow.json.
"""
import json
import os
import tempfile

import mlflow
import yaml
from mlflow.exceptions import MlflowException
from mlflow.projects._project_spec import load_project

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(HERE, "..", "..", "spec", "vectors", "valid")

PROJECTS = {
    "defaults": """\
name: tutorial
entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.5}
      rate: {type: float, default: 1e-3}
      small: {default: 1.0e-5}
      epochs: {type: int, default: 010}
      flag: {default: yes}
      name: {type: string, default: "it's mine"}
      data: {type: path, default: data/wine quality.csv}
      empty: {type: string, default: ""}
    command: "python train.py {alpha} {rate} {small} {epochs} {flag} --name {name} {data} {empty}"
  evaluate:
    command: "python evaluate.py --json '{{}}'"
""",
    "required": """\
entry_points:
  short:
    parameters: {alpha: float}
    command: "python a.py {alpha}"
  long:
    parameters:
      alpha: {type: float}
    command: "python a.py {alpha}"
  none:
    parameters:
      alpha: {type: float, default: null}
    command: "python a.py {alpha}"
  fine:
    parameters:
      alpha: {type: float, default: 0}
    command: "python a.py {alpha}"
""",
    "unknown names": """\
entry_points:
  main: {command: "python a.py {beta}"}
""",
    "folded": """\
entry_points:
  main:
    parameters: {x: {default: 3}}
    command: >
      python a.py
      --x {x}
""",
}


def commands(text):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "MLproject"), "w") as file:
            file.write(text)
        found = {}
        project = load_project(folder)
        for name in yaml.safe_load(text)["entry_points"]:
            try:
                found[name] = project.get_entry_point(name).compute_command({}, None)
            except (MlflowException, KeyError):
                found[name] = None
        return found


def scalars():
    # the same texts as for the YAML of DVC
    source = open(os.path.join(HERE, "record-dvc.py")).read().split('SCALARS = """')[1].split('"""')[0]
    return {text: str(yaml.safe_load(f"v: {text}\n")["v"]) for text in source.split() if text not in ("-", "=", "1:30")}


recorded = {
    "recordedFrom": {"mlflow": mlflow.__version__, "pyyaml": yaml.__version__},
    "scalars": scalars(),
    "projects": [{"name": name, "text": text, "commands": commands(text)} for name, text in PROJECTS.items()],
}
with open(os.path.join(VECTORS, "adopt-mlflow.json"), "w") as file:
    json.dump(recorded, file, indent=1)
    file.write("\n")
