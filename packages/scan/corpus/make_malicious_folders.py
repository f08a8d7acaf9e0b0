"""Folders whose configuration brings code along, and texts that are programs for the loader that reads them."""

import json

import numpy
import safetensors.numpy

from sample import MARKER, Family

family = Family("malicious", "folders", "specification")
PYTHON = f"open('{MARKER}', 'w').close()\n".encode()
WEIGHTS = safetensors.numpy.save({"w": numpy.ones(4, "float32")})
REMOTE = "the code lies in another repository, which the loader fetches"
NAMED = "the loader imports what it names; the code is not in this file"
RUN = f"popen('touch {MARKER}').read()"
ESCAPE = "{{ cycler.__init__.__globals__.os." + RUN + " }}"


def text(value):
    return json.dumps(value, indent=2).encode() + b"\n"


def folder(name, config, file="config.json", code="modeling_tiny.py", **more):
    family.add(f"{name}/{file}", text(config), "json", f"the configuration has the loader run code: {name}", effect="import", folder=name, **(more or {"unproven": NAMED}))
    if code is not None:
        family.add(f"{name}/{code}", PYTHON, "python", "the code that the configuration names", effect="code", load="import", folder=name)
    family.add(f"{name}/model.safetensors", WEIGHTS, "safetensors", "plain weights", folder=name, companion=True)


folder("auto-map", {"model_type": "tiny", "auto_map": {"AutoModel": "modeling_tiny.TinyModel"}})
folder("auto-map-config", {"auto_map": {"AutoConfig": "configuration_tiny.TinyConfig", "AutoModelForCausalLM": "modeling_tiny.Tiny"}}, code="configuration_tiny.py")
folder("auto-map-remote", {"auto_map": {"AutoModel": "someone/other--modeling_tiny.TinyModel"}}, code=None, unproven=REMOTE)
folder("auto-map-deep", {"text_config": {"auto_map": {"AutoModel": "modeling_tiny.TinyModel"}}})
folder("auto-map-tokenizer", {"tokenizer_class": "Tiny", "auto_map": {"AutoTokenizer": ["tokenization_tiny.Tiny", None]}}, "tokenizer_config.json", "tokenization_tiny.py")
folder("auto-map-processor", {"auto_map": {"AutoProcessor": "processing_tiny.Tiny"}}, "preprocessor_config.json", "processing_tiny.py")
folder("auto-map-generation", {"auto_map": {"AutoModel": "generate.Tiny"}}, "generation_config.json", "generate.py")
folder("custom-pipelines", {"custom_pipelines": {"tiny": {"impl": "pipeline.TinyPipeline", "pt": ["AutoModel"]}}}, code="pipeline.py")
folder("custom-generate", {"model_type": "tiny"} | {"auto_map": {"AutoModel": "a.b"}, "trust_remote_code": True}, code="custom_generate.py")
folder("hydra-target", {"model": {"_target_": "os.system", "command": f"touch {MARKER}"}}, code=None)
folder("hydra-target-deep", {"trainer": {"callbacks": [{"_target_": "subprocess.call", "args": ["touch", MARKER]}]}}, code=None)
folder("diffusers-module", {"_class_name": ["pipeline", "Tiny"], "unet": ["unet_tiny", "Tiny"]}, "model_index.json", "unet_tiny.py")
folder("sentence-modules", [{"idx": 0, "name": "0", "path": "", "type": "modeling_tiny.Tiny"}], "modules.json")
# Templates of tokenizers, in each place that a loader looks in.
for name, config, steps in (
    ("template-text", {"chat_template": ESCAPE}, ["chat_template"]),
    ("template-list", {"chat_template": [{"name": "default", "template": "{{ messages }}"}, {"name": "tool_use", "template": ESCAPE}]}, ["chat_template", 1, "template"]),
):
    family.add(f"{name}/tokenizer_config.json", text(config), "json", f"a chat template runs a program: {name}", effect="process", load="template@scan", steps=steps, folder=name)
family.add("template-file/chat_template.jinja", ESCAPE.encode(), "jinja", "a chat template runs a program", effect="process", load="template@scan", folder="template-file")
family.add("template-json/chat_template.json", text({"chat_template": ESCAPE}), "json", "a chat template runs a program", effect="process", load="template@scan", steps=["chat_template"], folder="template-json")
# YAML with the tags of Python.
YAML = {
    "apply": f"!!python/object/apply:os.system ['touch {MARKER}']\n",
    "new": f"!!python/object/apply:subprocess.call [['touch', '{MARKER}']]\n",
    "deep": f"model:\n  layers:\n    - size: 4\n      hook: !!python/object/apply:os.mkdir ['{MARKER}']\n",
    "directive": f"%TAG !p! tag:yaml.org,2002:python/\n---\n!p!object/apply:os.system ['touch {MARKER}']\n",
    "verbatim": f"!<tag:yaml.org,2002:python/object/apply:os.system> ['touch {MARKER}']\n",
    "second-document": f"a: 1\nb: !!python/object/apply:builtins.exec [\"open('{MARKER}', 'w')\"]\n",
}
for name, data in YAML.items():
    family.add(f"yaml/{name}.yaml", data.encode(), "yaml", f"a tag of YAML calls a function: {name}", effect="process", load="yaml@scan")
# Code beside the weights.
for name in ("modeling.py", "setup.py", "__init__.py", "handler.py"):
    family.add(f"code/{name}", PYTHON, "python", "a program beside the weights", effect="code", load="import")
family.add("code/notebook.ipynb", text({"cells": [{"cell_type": "code", "source": [PYTHON.decode()], "metadata": {}, "outputs": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "notebook", "a notebook with a program", effect="code", unproven="it runs when somebody runs its cells")
family.add("code/install.sh", f"#!/bin/sh\ntouch {MARKER}\n".encode(), "script", "a script beside the weights", effect="process", unproven="it runs when somebody starts it")
family.add("code/hook.pth", f"import os; os.mkdir('{MARKER}')\n".encode(), "python", "a line that Python runs when it starts", effect="code", load="import")
# An index of shards that leads out of the folder.
for name, target in {"up": "../../secret.safetensors", "absolute": "/etc/passwd", "pickle": "pytorch_model.bin"}.items():
    index = {"metadata": {}, "weight_map": {"w": target}}
    if name != "pickle":
        family.add(f"index-{name}/model.safetensors.index.json", text(index), "json", f"an index of shards names a file out of the folder: {name}", effect="file", unproven="it makes another file be read", folder=f"index-{name}")

family.finish()
