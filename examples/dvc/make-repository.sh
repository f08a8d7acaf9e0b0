#!/bin/sh
# Makes the repository of this example with git and DVC, as somebody would who starts with three scripts and a table:
#     sh make-repository.sh FOLDER
# FOLDER must not exist, and lies outside of every other repository. `repository/` beside this script holds what came
# out, without git's own folder.
set -eu

[ $# -eq 1 ] || { echo 'usage: sh make-repository.sh FOLDER' >&2; exit 2; }
for program in git dvc python3; do
  command -v "$program" >/dev/null || { echo "make-repository.sh: needs $program" >&2; exit 3; }
done
[ ! -e "$1" ] || { echo "make-repository.sh: \`$1\` is there already" >&2; exit 2; }
from=$(cd "$(dirname "$0")" && pwd)/repository
export DVC_NO_ANALYTICS=1

mkdir -p "$1/data" "$1/prepared"
cd "$1"
cp "$from/prepare.py" "$from/train.py" "$from/evaluate.py" .
cp "$from/data/penguins.csv" data/

git init --quiet
git config user.name 'Holdfast example'
git config user.email 'example@holdfast.example'
dvc init --quiet
dvc config core.analytics false
dvc add --quiet data/penguins.csv
dvc stage add --quiet -n prepare -d prepare.py -d data/penguins.csv \
  -o prepared/train.csv -o prepared/test.csv python3 prepare.py
dvc stage add --quiet -n train -d train.py -d prepared/train.csv -o model.json python3 train.py
dvc stage add --quiet -n evaluate -d evaluate.py -d model.json -d prepared/test.csv -M metrics.json python3 evaluate.py
dvc repro --quiet
git add --all
git commit --quiet -m 'Penguins, from measurements to a model'
dvc status
