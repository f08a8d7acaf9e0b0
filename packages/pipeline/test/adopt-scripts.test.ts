import { describe, expect, test } from 'vitest';
import { codePaths } from '../src/adopt/code-paths.ts';
import { javascriptTokens } from '../src/adopt/javascript-tokens.ts';
import { projectMark } from '../src/adopt/path-value.ts';
import { pythonTokens } from '../src/adopt/python-tokens.ts';
import { doubtsOf, found, stageNamed } from './adopt-scene.ts';

const nothing = { names: new Map(), attributes: new Map() };

/** `read a.csv`, `write? x{…}`: a question mark where not all of it is known. */
function pathsOf(text: string, language: 'python' | 'javascript' = 'python'): string[] {
  const tokens = language === 'python' ? pythonTokens(text) : javascriptTokens(text);
  return codePaths(tokens, nothing, 'src/train.py').paths.map(
    ({ use, value }) => `${use}${value.isKnown ? '' : '?'} ${value.text.replace(projectMark, '@')}`,
  );
}

describe('what a line of Python does with a path', () => {
  test.for([
    // calls
    ['pd.read_csv("data/x.csv", sep="\\t")', ['read data/x.csv']],
    ["df.to_csv('a.csv')", ['write a.csv']],
    ['joblib.dump(model, "m.pkl")', ['write m.pkl']],
    ['torch.save(model.state_dict(), path)', []],
    ['model.save_pretrained("out")', ['write out']],
    ['mlflow.sklearn.save_model(m, "model")', ['write model']],
    ['mlflow.sklearn.log_model(m, "model/x")', []],
    ['AutoModel.from_pretrained("bert-base")', ['read bert-base']],
    ['os.makedirs("build/model", exist_ok=True)', ['write build/model']],
    ['shutil.copy("a.csv", "b.csv")', ['read a.csv', 'write b.csv']],
    ['glob.glob("data/*.csv")', ['read data/*.csv']],
    ['Trainer(output_dir="build/run")', ['write build/run']],
    ['load_everything("conf/a.yaml")', ['read conf/a.yaml']],
    ['save_it(x, "a.bin")', ['write a.bin']],
    ['mystery("a.csv")', ['mention a.csv']],
    ['mystery("not a path", "text/html", "a.unknown")', []],
    ['logging.getLogger("a/b"); print("a.csv"); os.path.exists("b.csv")', []],
    ['json.dump({"a": "b/c"}, f)', []],
    ['requests.get("https://data.example/x.csv")', []],
    // opening
    ['open("a.txt").read()', ['read a.txt']],
    ['open("a.txt", "wb")', ['write a.txt']],
    ['open(file="a.txt", mode="a")', ['write a.txt']],
    ['gzip.open("a.gz", "rt")', ['read a.gz']],
    ['h5py.File("a.h5", "w")', ['write a.h5']],
    ['Path("a.txt").open("w")', ['write a.txt']],
    ['Path("a.txt").write_text("b/c")', ['write a.txt']],
    ['Path("a").read_text()', ['read a']],
    ['with open("r") as f: pass', []],
    ['if os.path.exists("a.pkl"): pickle.load(open("a.pkl"))', ['mention a.pkl']],
    ['for p in Path("data").rglob("**/*.csv"): p.read_text()', ['read data']],
    ['load_model("m", custom_objects={"loss": loss})', ['read m']],
    ['urlretrieve("https://data.example/x", "data/x.tgz")', ['write data/x.tgz']],
    // values
    ['pd.read_csv(Path("data") / "x.csv")', ['read data/x.csv']],
    ['pd.read_csv(os.path.join("data", "sub", "x.csv"))', ['read data/sub/x.csv']],
    ['D = Path("data")\nX = D / "x.csv"\npd.read_csv(X)', ['read data/x.csv']],
    ['D = "data"\npd.read_csv(f"{D}/x.csv")', ['read data/x.csv']],
    ['D = "data"\npd.read_csv(D + "/x.csv")', ['read data/x.csv']],
    ['pd.read_csv("data/" "x.csv")', ['read data/x.csv']],
    ['p.add_argument("--data-file", "-d", default="data/x.csv")\npd.read_csv(args.data_file)', ['read data/x.csv']],
    ['@click.option("--data", default="d.csv")\ndef main(data): pd.read_csv(ctx.data)', ['read d.csv']],
    ['def main(out: str = "out.csv", n=1):\n    df.to_csv(out)', ['write out.csv']],
    ['class C:\n  path: str = "a.csv"\n  def f(self): return pd.read_csv(self.path)', ['read a.csv']],
    ['self.path = "a.csv"\npd.read_csv(self.path)', ['read a.csv']],
    ['pd.read_csv(os.environ.get("DATA", "data/x.csv"))', ['read data/x.csv']],
    ['R = Path(__file__).resolve().parent.parent\npd.read_csv(R / "x.csv")', ['read @/x.csv']],
    ['R = Path(__file__).parents[1]\npd.read_csv(R.joinpath("a", "x.csv"))', ['read @/a/x.csv']],
    ['R = os.path.dirname(os.path.abspath(__file__))\nopen(os.path.join(R, "x.csv"))', ['read @/src/x.csv']],
    [
      'p = Path("a/b.csv")\np.with_suffix(".pkl").write_bytes(b"")\np.with_name("c.csv").read_text()',
      ['mention a/b.csv', 'write a/b.pkl', 'read a/c.csv'],
    ],
    ['pd.read_csv((Path("a") / "b.csv"))', ['read a/b.csv']],
    ['X = "a.csv"', ['mention a.csv']],
    // not known
    ['pd.read_csv(f"data/{name}.csv")', ['read? data/{name}.csv']],
    ['pd.read_csv("data/{}.csv".format(name))', ['read? data/{}.csv']],
    ['df.to_csv(out / f"{i:03d}.csv")', ['write? {out}/{i:03d}.csv']],
    ['X = "a.csv"\nX = sys.argv[1]\npd.read_csv(X)', ['mention a.csv']],
    ['pd.read_csv(sys.argv[1])', []],
    // what is no code
    ['# pd.read_csv("a.csv")', []],
    ['"""Reads "a.csv"."""', []],
    ['x = """\npd.read_csv("a.csv")\n"""', []],
    [`pd.read_csv(${'('.repeat(20)}"a.csv"${')'.repeat(20)})`, ['read a.csv']],
  ] as const)('%j', ([text, expected]) => {
    expect(pathsOf(text)).toEqual(expected);
  });
});

describe('what a line of JavaScript or TypeScript does with a path', () => {
  test.for([
    ["readFileSync('data/x.csv', 'utf8')", ['read data/x.csv']],
    ['await writeFile(`build/x.json`, text)', ['write build/x.json']],
    ["const d: string = 'data';\nreadFileSync(path.join(\n  d,\n  'x.csv',\n))", ['read data/x.csv']],
    ["const d = 'data';\nreadFileSync(`${d}/x.csv`)", ['read data/x.csv']],
    ['readFileSync(`data/${name}.csv`)', ['read? data/{name}.csv']],
    ["readFileSync(new URL('../x.csv', import.meta.url))", ['read @/src/../x.csv']],
    ["readFileSync(join(import.meta.dirname, 'x.csv'))", ['read @/src/x.csv']],
    ["writeFileSync('a.csv', 'b/c.csv')", ['write a.csv']],
    ["mkdirSync('build', { recursive: true })", ['write build']],
    ["cpSync('a.csv', 'b.csv')", ['read a.csv', 'write b.csv']],
    ["import x from './a.json'; const y = require('./b.json')", []],
    ["// readFileSync('a.csv')\n/* readFileSync('b.csv') */", []],
    ["x = /readFileSync('a.csv')['\"]/; y = a / b; readFileSync('c.csv')", ['read c.csv']],
  ] as const)('%j', ([text, expected]) => {
    expect(pathsOf(text, 'javascript')).toEqual(expected);
  });
});

const pipeline = {
  'data/raw.csv': 'a,b\n1,2\n',
  'conf/train.yaml': 'lr: 1\n',
  'requirements.txt': 'pandas\n',
  'src/config.py':
    'from pathlib import Path\nROOT = Path(__file__).resolve().parent.parent\nMODEL = ROOT / "build" / "model.pkl"\n',
  'src/pkg/__init__.py': '',
  'src/pkg/text.py': 'from . import words\nfrom .. import nothing\n',
  'src/pkg/words.py': 'import numpy\n',
  'src/02_prepare.py': 'import pandas as pd\ndf = pd.read_csv("data/raw.csv")\ndf.to_parquet("build/clean.parquet")\n',
  'src/03-train_model.py':
    'import config, yaml\nfrom pkg.text import clean\nyaml.safe_load(open("conf/train.yaml"))\npd.read_parquet("build/clean.parquet")\njoblib.dump(m, config.MODEL)\n',
  'src/04_evaluate.py':
    'from config import MODEL, ROOT\njoblib.load(MODEL)\nimport glob\nfor path in glob.glob("build/*.parquet"): pass\nwith open(ROOT / "build/metrics.json", "w") as f: json.dump({}, f)\n',
};

test('a folder of scripts becomes stages that hang together', async () => {
  const result = await found(pipeline);
  const common = { kind: 'scripts', toolchain: ['python'], description: undefined };
  expect(result.stages).toEqual([
    {
      ...common,
      name: 'prepare',
      command: 'python src/02_prepare.py',
      inputs: ['src/02_prepare.py', 'requirements.txt', 'data/raw.csv'],
      outputs: ['build/clean.parquet'],
      metrics: undefined,
      from: 'src/02_prepare.py',
    },
    {
      ...common,
      name: 'train',
      command: 'python src/03-train_model.py',
      inputs: [
        'src/03-train_model.py',
        'src/config.py',
        'src/pkg/__init__.py',
        'src/pkg/text.py',
        'src/pkg/words.py',
        'requirements.txt',
        'conf/train.yaml',
        'build/clean.parquet',
      ],
      outputs: ['build/model.pkl'],
      metrics: undefined,
      from: 'src/03-train_model.py',
    },
    {
      ...common,
      name: 'evaluate',
      command: 'python src/04_evaluate.py',
      // it reads the folder that it writes to: what others make there stands for it
      inputs: ['src/04_evaluate.py', 'src/config.py', 'requirements.txt', 'build/model.pkl', 'build/clean.parquet'],
      outputs: [],
      metrics: 'build/metrics.json',
      from: 'src/04_evaluate.py',
    },
  ]);
  expect(doubtsOf(result)).toEqual([]);
  expect(result.data).toEqual([{ path: 'data/raw.csv', kind: 'dataset' }]);
  expect(result.models).toEqual([{ path: 'build/model.pkl', kind: 'model' }]);
  const why = 'named like steps; inputs and outputs guessed from their code';
  expect(result.origins.map(({ file, stages, why: reason }) => [file, stages, reason])).toEqual([
    ['src/02_prepare.py', ['prepare'], why],
    ['src/03-train_model.py', ['train'], why],
    ['src/04_evaluate.py', ['evaluate'], why],
  ]);
});

test('names decide: the shortest, at the top first, and no tests, services or doubles', async () => {
  const code = 'open("out.txt", "w")\n';
  const result = await found({
    'train.py': code.replace('out', 'a'),
    'train_old.py': code,
    'src/train.py': code,
    'main.py': code,
    'test.py': 'import pytest\n',
    'test_train.py': code,
    'predict.py': 'import uvicorn\nopen("b.txt", "w")\n',
    'other/train.py': code,
    'train_test_split.py': code,
    'evaluate.test.ts': code,
  });
  expect(result.stages.map(({ name, command }) => [name, command])).toEqual([
    ['train', 'python train.py'],
    ['predict', 'python predict.py'],
  ]);
  expect(doubtsOf(result)).toEqual([
    'src/train.py: is named like `train.py`: one of them was taken',
    'train_old.py: is named like `train.py`: one of them was taken',
  ]);
  expect(result.origins.filter(({ stages }) => stages.length === 0)).toEqual([
    { kind: 'scripts', file: 'main.py', stages: [], why: 'left out: another script trains' },
    { kind: 'scripts', file: 'test.py', stages: [], why: 'left out: it holds tests' },
  ]);
});

test('what is not sure is told', async () => {
  const result = await found({
    'prepare.py': 'os.makedirs("build")\nfor i in x: df.to_csv(f"build/{i}.csv")\nshare("build/x.csv")\n',
    'train.py':
      'from lib import put\npd.read_csv("gone.csv")\nopen("/etc/x.csv")\nopen("../y.csv")\nAutoModel.from_pretrained("org/model")\nfor f in sorted(Path("logs").glob(f"{d}/*.log")): pass\nput()\n',
    'evaluate.py': 'from lib import put\nput()\njoblib.dump(x, "build/deep/x.pkl")\njoblib.dump(x, "build/y.pkl")\n',
    'lib.py': 'def put():\n    joblib.dump(1, "shared.pkl")\n',
    'logs/a.log': '',
  });
  expect(doubtsOf(result)).toEqual([
    'lib.py:2: writes `shared.pkl` for 2 stages: add it to the outputs of one in holdfast.yaml',
    'prepare.py:2: writes `build/{i}.csv`, known only when it runs: add it to holdfast.yaml',
    'prepare.py:3: names `build/x.csv`, which is not there: it may be an output',
    'prepare.py: what `prepare` writes: add its outputs to holdfast.yaml',
    'train.py:3: reads `/etc/x.csv`, outside of the project: it cannot be recorded',
    'train.py:4: reads `../y.csv`, outside of the project: it cannot be recorded',
    'train.py:2: reads `gone.csv`, which is not there and which no stage makes',
    'train.py:5: loads `org/model`: if that is from the network, name the host in `sandbox.network`',
    'train.py: what `train` writes: add its outputs to holdfast.yaml',
  ]);
  expect(stageNamed(result, 'train').inputs).toEqual(['train.py', 'lib.py', 'gone.csv', 'logs']);
  expect(stageNamed(result, 'evaluate').outputs).toEqual(['build/deep/x.pkl', 'build/y.pkl']);
});

test('a folder that is made, and into which nothing else is seen to be written, is the output', async () => {
  const result = await found({
    'train.py': 'os.makedirs("build/run")\nmodel.fit()\nos.makedirs("made")\njoblib.dump(x, "made/a.pkl")\n',
  });
  expect(stageNamed(result, 'train').outputs).toEqual(['made/a.pkl', 'build/run']);
});

test('two that write the same: the first keeps it; one that reads what it writes does not wait for itself', async () => {
  const result = await found({
    'prepare.py': 'pd.read_csv("all.csv")\ndf.to_csv("all.csv")\n',
    'train.py': 'df.to_csv("all.csv")\njoblib.dump(x, "m.pkl")\n',
    'evaluate.py': 'pd.read_csv("all.csv")\njoblib.load("m.pkl")\nopen("metrics.json", "w")\n',
    'all.csv': '',
  });
  expect(result.stages.map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
    ['prepare', ['prepare.py'], ['all.csv']],
    ['train', ['train.py'], ['m.pkl']],
    ['evaluate', ['evaluate.py', 'all.csv', 'm.pkl'], []],
  ]);
  expect(doubtsOf(result)).toEqual(['train.py:1: writes `all.csv`, which `prepare` writes as well: not its output']);
});

test('stages in a circle: the later one is left out', async () => {
  const result = await found({
    'prepare.py': 'pd.read_csv("b.csv")\ndf.to_csv("a.csv")\n',
    'train.py': 'pd.read_csv("a.csv")\ndf.to_csv("b.csv")\n',
  });
  expect(result.stages.map(({ name }) => name)).toEqual(['prepare']);
  expect(doubtsOf(result)).toEqual([
    'train.py: `train` is left out: it would wait for itself, prepare → train → prepare',
  ]);
});

test('Node.js: relative imports, and the package.json that says how a file is read', async () => {
  const result = await found({
    'package.json': '{"type":"module"}',
    'table.ts': "import { row } from './deep/row.js';\n",
    'deep/row.ts': '',
    'prepare.ts':
      "import { table } from './table.ts';\nimport fs from 'node:fs';\nfs.writeFileSync('build/t.csv', '');\n",
    'train.mjs':
      "import('./deep/row.ts');\nfs.readFileSync('build/t.csv'); fs.writeFileSync('build/model.json', '');\n",
    'score.sh': '#!/bin/sh\nnode tool.cjs build/model.json > scores.json\n',
    'tool.cjs': '',
  });
  expect(
    result.stages.map(({ name, command, toolchain, inputs, outputs, metrics }) => [
      name,
      command,
      toolchain,
      inputs,
      outputs,
      metrics,
    ]),
  ).toEqual([
    [
      'prepare',
      'node prepare.ts',
      ['node'],
      ['prepare.ts', 'table.ts', 'deep/row.ts', 'package.json'],
      ['build/t.csv'],
      undefined,
    ],
    ['train', 'node train.mjs', ['node'], ['train.mjs', 'deep/row.ts', 'build/t.csv'], ['build/model.json'], undefined],
    ['score', 'sh score.sh', ['node'], ['score.sh', 'tool.cjs', 'build/model.json'], [], 'scores.json'],
  ]);
});

test('a shell script may run others, also in a circle; what cannot be read as code is told', async () => {
  const result = await found({
    'train.sh': 'sh step.sh && cd sub && python ../tool.py && Rscript ../fit.R\n',
    'step.sh': 'sh train.sh; cp data/x.csv step.csv\n',
    'tool.py': 'open("out.csv", "w")\n',
    'fit.R': 'x <- 1\n',
    'evaluate.py': Buffer.from([0xff, 0xfe, 0x00]),
    'data/x.csv': '',
  });
  expect(stageNamed(result, 'train')).toMatchObject({
    toolchain: ['Rscript', 'python'],
    inputs: ['train.sh', 'step.sh', 'tool.py', 'fit.R', 'data/x.csv'],
    outputs: ['step.csv', 'sub/out.csv'],
  });
  const what = 'is not looked into: add what it reads and writes to holdfast.yaml';
  expect(doubtsOf(result)).toEqual([
    `fit.R: ${what}`,
    `evaluate.py: ${what}`,
    'evaluate.py: what `evaluate` writes: add its outputs to holdfast.yaml',
  ]);
});
