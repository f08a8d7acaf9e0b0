import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codePaths } from '../src/adopt/code-paths.ts';
import { commandPaths } from '../src/adopt/command-paths.ts';
import { configurationText } from '../src/adopt/configuration-text.ts';
import { readDvcConfig } from '../src/adopt/dvc-config.ts';
import { expandDvcYaml } from '../src/adopt/dvc-expansion.ts';
import { readListing } from '../src/adopt/dvc-folder.ts';
import { readDvcFile, readDvcLock } from '../src/adopt/dvc-lock.ts';
import { matchesGlob } from '../src/adopt/glob.ts';
import { javascriptTokens } from '../src/adopt/javascript-tokens.ts';
import { lookAround } from '../src/adopt/look-around.ts';
import { parseMakefile } from '../src/adopt/makefile-parser.ts';
import { expandRecipe } from '../src/adopt/makefile-recipe.ts';
import { makefileTargets } from '../src/adopt/makefile-targets.ts';
import { readMlProject } from '../src/adopt/mlflow.ts';
import { readNotebook } from '../src/adopt/notebook.ts';
import type { ProjectFolder } from '../src/adopt/project-folder.ts';
import { insideProject } from '../src/adopt/project-path.ts';
import { pythonTokens } from '../src/adopt/python-tokens.ts';
import { readPythonYaml } from '../src/adopt/python-yaml.ts';
import { joinCommands } from '../src/adopt/shell-commands.ts';
import { startedCommands } from '../src/adopt/started-commands.ts';
import { parseConfiguration } from '../src/configuration.ts';
import { PipelineError } from '../src/errors.ts';
import { stageGraph } from '../src/stage-graph.ts';
import { recordedText, repository } from './adopt-scene.ts';

/** Carries it out; anything but a PipelineError escapes. */
async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
  }
}

/** A folder in which nothing is. */
const nowhere: ProjectFolder = {
  path: '/nowhere',
  files: [],
  cutShort: false,
  isFile: () => false,
  isFolder: () => false,
  read: () => Promise.resolve(undefined),
  program: () => undefined,
};

const nothing = { names: new Map(), attributes: new Map() };

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  yaml: (text) => [readPythonYaml(text, 'x', 'ruamel'), readPythonYaml(text, 'x', 'pyyaml')],
  'dvc.yaml': (text) => expandDvcYaml(text, 'dvc.yaml', { parsing: { bool: undefined, list: undefined } }, nowhere),
  'dvc.lock': (text) =>
    readDvcLock(
      text,
      'dvc.lock',
      new Map([
        ['shorten', ''],
        ['count@a', 'x'],
      ]),
    ),
  '.dvc': (text) => readDvcFile(text, 'x.dvc'),
  'a folder of DVC': (text) => readListing(text, 'x.dir'),
  'the configuration of DVC': readDvcConfig,
  Makefile(text) {
    const makefile = parseMakefile(text, 'Makefile');
    const targets = makefileTargets(makefile, () => true);
    for (const target of targets) expandRecipe(target, makefile);
    return targets;
  },
  notebook: readNotebook,
  MLproject: (text) => readMlProject(text, 'MLproject'),
  Python: (text) => codePaths(pythonTokens(text), nothing, 'x.py'),
  JavaScript: (text) => codePaths(javascriptTokens(text), nothing, 'x.ts'),
  shell: (text) => [
    startedCommands(text),
    joinCommands([{ text, ignoreErrors: true }]),
    commandPaths(text, '', nowhere),
  ],
  path: (text) => [insideProject('a/b', text), matchesGlob(text, text), matchesGlob('a/b/c', text)],
};

/** Real files to begin with, so that mutations get beyond the first line. */
const seeds: Readonly<Record<string, string>> = {
  'dvc.yaml': recordedText('adopt-dvc-3/dvc.yaml'),
  'dvc.lock': recordedText('adopt-dvc-3/dvc.lock'),
  '.dvc': recordedText('adopt-dvc-3/data/folder.dvc'),
  Makefile:
    'A := $(B:x=y)\nx/%.csv: raw/%.csv | x ; cp $< $@\nall: x/a.csv\n\t@echo $(@D) $^\nifdef X\nendif\nexport A\n',
  notebook:
    '{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["a = 1\\n"]}]}',
  MLproject:
    'entry_points:\n  main:\n    parameters:\n      a: {type: float, default: 0.5}\n    command: "python x.py {a}"\n',
  Python:
    'from .a import (b, c)\nX = Path(__file__).parent / f"{y}/z.csv"\ndef f(p="q.csv"):\n    open(p, "w").write("""x""")\n',
  JavaScript: 'import x from "./y.js";\nconst p = path.join(`a${b}`, /[/]/.source);\nfs.readFileSync(p)\n',
  shell: 'cd a && (b=1 c \'d\' "$e" | f > g 2>&1; h || i) & # j\n',
};

const pieces = [
  '${',
  '}',
  '$(',
  ')',
  '"',
  "'",
  '"""',
  '`',
  '\\',
  '\n',
  '\t',
  ':',
  '- ',
  '&a',
  '*a',
  '<<',
  '|',
  '#',
  '%',
  '[',
  ']',
  '{',
  ',',
  '=',
  '..',
  '/',
  '\0',
  '\u2028',
  '\ud800',
  '__proto__',
  'constructor',
  'foreach',
  'matrix',
  '1e999',
  '!!x',
];
const noise = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((all) => all.join('')),
);

/** A text with a few places replaced. */
const mutated = (seed: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.nat(seed.length), fc.nat(10), fc.oneof(noise, fc.constantFrom(...pieces))), {
      minLength: 1,
      maxLength: 4,
    })
    .map((edits) => edits.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), seed));

describe('any text is read, or refused as it should be', () => {
  for (const [name, read] of Object.entries(readers)) {
    test(name, async () => {
      const text = fc.oneof(noise, mutated(seeds[name] ?? ''));
      await fc.assert(
        fc.asyncProperty(text, (given) => attempt(() => read(given))),
        { numRuns: 1500 },
      );
    });
  }
});

const many = 60_000;
const hostile: Readonly<Record<string, string>> = {
  'brackets that open': '('.repeat(many),
  'brackets in turn': '([{'.repeat(many / 3),
  'references that open': '$('.repeat(many / 2),
  'expressions that open': '${'.repeat(many / 2),
  expressions: '${a}'.repeat(many / 4),
  quotes: '"\''.repeat(many / 2),
  backslashes: '\\'.repeat(many),
  slashes: '=/['.repeat(many / 3),
  stars: `${'*a'.repeat(500)}b`,
  'lines of one word': 'a\n'.repeat(many / 2),
  'nested calls': `${'join("a", '.repeat(many / 10)}"b"`,
  'nested lists with strings': '["x",'.repeat(many / 5),
  sums: `x = ${'"a" + '.repeat(many / 6)}"b"`,
  assignments: 'a = "x.csv"\n'.repeat(many / 12),
  rules: 'a: b\n'.repeat(many / 5),
  'pattern rules': Array.from({ length: 3000 }, (_, at) => `%.${at}: %.${at + 1} ; x\n`).join('') + 'all: a.0\n',
  commands: 'env '.repeat(many / 4),
  redirections: '> a '.repeat(many / 4),
  'nested YAML': `${'- '.repeat(3000)}x`,
  'nested flow': `a: ${'['.repeat(3000)}`,
  keys: Array.from({ length: 5000 }, (_, at) => `k${at}: {a: 1}\n`).join(''),
};

describe('hostile texts end', () => {
  for (const [what, text] of Object.entries(hostile)) {
    test(what, async () => {
      for (const read of Object.values(readers)) await attempt(() => read(text));
    });
  }
});

test('whatever a folder holds, holdfast.yaml is one that can be read and run, or the folder is refused', {
  timeout: 120_000,
}, async () => {
  let adopted = 0;
  const often = (seed: string): fc.Arbitrary<string> => fc.oneof(fc.constant(seed), mutated(seed));
  const dvc = often(
    'vars:\n  - d: data\nstages:\n  a:\n    cmd: python train.py > ${d}/x.csv\n    deps: [train.py, data/in.csv]\n    outs: ["${d}/x.csv"]\n    metrics: [m.json]\n  b:\n    foreach: [1, 2]\n    do: {cmd: "cp ${d}/x.csv ${item}.csv", deps: ["${d}/x.csv"], outs: ["${item}.csv"]}\n',
  );
  const files = fc.record({
    'dvc.yaml': dvc,
    Makefile: often(seeds['Makefile'] ?? ''),
    MLproject: often(seeds['MLproject'] ?? ''),
    'x.ipynb': often(seeds['notebook'] ?? ''),
    'train.py': often(seeds['Python'] ?? ''),
    'prepare.ts': often(seeds['JavaScript'] ?? ''),
    'score.sh': often(seeds['shell'] ?? ''),
  });
  await fc.assert(
    fc.asyncProperty(files, (given) =>
      attempt(async () => {
        const found = await lookAround(repository({ 'data/in.csv': '', 'raw/a.csv': '', ...given }), {
          searchPath: '',
        });
        const text = configurationText('demo', found);
        const { stages } = stageGraph(parseConfiguration(text));
        expect(stages.map(({ name }) => name).sort()).toEqual(found.stages.map(({ name }) => name).sort());
        adopted += 1;
      }),
    ),
    { numRuns: 200 },
  );
  expect(adopted).toBeGreaterThan(50);
});
