import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expandDvcYaml } from '../src/adopt/dvc-expansion.ts';
import { listingText } from '../src/adopt/dvc-folder.ts';
import { readDvcFile } from '../src/adopt/dvc-lock.ts';
import { lookAround } from '../src/adopt/look-around.ts';
import type { PythonMap, PythonValue } from '../src/adopt/python-value.ts';
import { pythonText } from '../src/adopt/python-value.ts';
import { readPythonYaml } from '../src/adopt/python-yaml.ts';
import { PipelineError } from '../src/errors.ts';
import { planInit } from '../src/init.ts';
import {
  doubtsOf,
  found,
  recordedJson,
  recordedRepository,
  recordedText,
  repository,
  stageNamed,
} from './adopt-scene.ts';

interface Recorded {
  readonly scalars: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly stages: Readonly<Record<string, unknown>>;
  }[];
}
const templates = recordedJson('adopt-dvc-templates.json') as Recorded;

/** As JSON has it: DVC's recorder wrote numbers, not texts. */
function plain(value: PythonValue): unknown {
  if (Array.isArray(value)) return (value as readonly PythonValue[]).map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...(value as PythonMap)].map(([key, item]) => [key, plain(item)]));
  return typeof value === 'bigint' ? Number(value) : value;
}

async function errorOf(promise: Promise<unknown>): Promise<PipelineError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PipelineError) return error;
  throw new Error(`no PipelineError but ${String(error)}`);
}

describe('templates become what DVC itself makes of them', () => {
  for (const { name, files, stages } of templates.cases) {
    test(name, async () => {
      const read = (path: string): Promise<string | undefined> => Promise.resolve(files[path]);
      const parsing = { bool: undefined, list: undefined };
      const expanded = await expandDvcYaml(files['dvc.yaml'] ?? '', 'dvc.yaml', { parsing }, { read });
      expect(expanded.doubts).toEqual([]);
      expect(Object.fromEntries(expanded.stages.map((stage) => [stage.name, plain(stage.definition)]))).toEqual(stages);
    });
  }

  test('plain scalars of YAML are read as ruamel.yaml reads them', () => {
    for (const [text, expected] of Object.entries(templates.scalars)) {
      const value = (readPythonYaml(`v: ${text}\n`, 'x.yaml', 'ruamel') as PythonMap).get('v');
      expect([text, pythonText(value ?? null)]).toEqual([text, expected]);
    }
  });
});

test('a stage whose values are not there is left out, and said; the others stay', async () => {
  const result = await found({
    'params.yaml': 'a: 1\nlist: [1]\n',
    'more.toml': 'b = 2\n',
    'dvc.yaml': `
stages:
  good: { cmd: "echo \${a} > good.csv", outs: [good.csv] }
  unknown: { cmd: "echo \${b} > x.csv", outs: [x.csv] }
  list: { cmd: "echo \${list} > y.csv", outs: [y.csv] }
  toml: { vars: [more.toml], cmd: "echo > z.csv", outs: [z.csv] }
  twice: { vars: [{ a: 2 }], cmd: "echo > w.csv", outs: [w.csv] }
  loop: { foreach: "\${a}", do: { cmd: "echo > v.csv" } }
`,
  });
  expect(result.stages.map(({ name, command }) => [name, command])).toEqual([['good', 'echo 1 > good.csv']]);
  expect(doubtsOf(result)).toEqual([
    'dvc.yaml: the stage `unknown` is left out: `${b}` is not defined',
    'dvc.yaml: the stage `list` is left out: `${list}` is a list or a mapping',
    'dvc.yaml: the stage `toml` is left out: `more.toml` is neither YAML nor JSON',
    'dvc.yaml: the stage `twice` is left out: `a` is defined twice',
    'dvc.yaml: the stage `loop` is left out: `foreach` is neither a list nor a mapping',
    'dvc.yaml: the values of `params.yaml` are filled in as they are now: change both from here on',
  ]);
});

test('every field of a stage is taken over or told', async () => {
  const result = await found({
    'sub/dvc.yaml': `
stages:
  all:
    desc: What it is for
    cmd: ["cd deep", "python ../../run.py; true"]
    wdir: work
    deps: [../in.csv, ../../../outside.csv, "s3://bucket/x.csv"]
    params: [a, {other.json: [b]}]
    outs: [{kept: {persist: true, cache: false}}, {drawn: {checkpoint: true}}]
    metrics: [flat.json, nested.json, text.yaml]
    plots: [{roc.csv: {x: fpr, title: ROC}}]
    always_changed: true
    surprise: 1
`,
    'sub/work/nested.json': '{"a": {"b": 1}}',
    'sub/in.csv': 'x\n',
    'run.py': 'print(1)\n',
  });
  expect(stageNamed(result, 'sub-all')).toEqual({
    name: 'sub-all',
    command: 'cd sub/work && (cd deep) && (python ../../run.py; true)',
    toolchain: ['python'],
    inputs: ['sub/in.csv', 'sub/work/params.yaml', 'sub/work/other.json', 'run.py'],
    outputs: ['sub/work/kept', 'sub/work/drawn', 'sub/work/roc.csv', 'sub/work/nested.json', 'sub/work/text.yaml'],
    metrics: 'sub/work/flat.json',
    kind: 'dvc',
    from: 'sub/dvc.yaml',
    description: 'What it is for',
  });
  expect(doubtsOf(result)).toEqual([
    'sub/dvc.yaml: `all` says `surprise`, which is not understood',
    'sub/dvc.yaml: `all` always runs in DVC: here with `holdfast run --force`',
    'sub/dvc.yaml: `all` reads `../../../outside.csv`, outside of the project: left out',
    'sub/dvc.yaml: `all` reads `s3://bucket/x.csv`, outside of the project: left out',
    'sub/dvc.yaml: `all` builds on the `kept` of its last run, which is set aside here',
    'sub/dvc.yaml: `all` says `checkpoint` of `drawn`, which is not understood',
    'sub/dvc.yaml: `all` has metrics in `sub/work/nested.json`, which is no flat JSON of numbers: an output only',
    'sub/dvc.yaml: `all` has metrics in `sub/work/text.yaml`, which is no flat JSON of numbers: an output only',
    'sub/dvc.yaml: `sub-all` runs `run.py` too: added to its inputs',
  ]);
});

test('metrics at the top are reported when they are a file of their own', async () => {
  const result = await found({
    'dvc.yaml': `
stages:
  a: { cmd: "echo > a", outs: [a.json, folder] }
  b: { cmd: "echo > b", outs: [nested.json] }
metrics: [a.json, folder/m.json, nested.json, gone.json]
`,
    'nested.json': '{"a": [1]}',
  });
  expect(result.stages.map(({ outputs, metrics }) => [outputs, metrics])).toEqual([
    [['folder'], 'a.json'],
    [['nested.json'], undefined],
  ]);
  const what = 'are no output of their own, or no flat JSON of numbers: not reported';
  expect(doubtsOf(result)).toEqual(
    ['folder/m.json', 'nested.json', 'gone.json'].map((path) => `dvc.yaml: the metrics \`${path}\` ${what}`),
  );
});

/** SHA-256 of the two files of `data/folder`, in the order of their names, put together and hashed: the root digest. */
function rootOf(folder: string): string {
  const sha256 = (path: string): Buffer =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest();
  return createHash('sha256')
    .update(Buffer.concat([sha256('1.txt'), sha256('deep/two.txt')]))
    .digest('hex');
}

for (const version of ['2', '3']) {
  describe(`a repository that DVC ${recordedText(`adopt-dvc-${version}/RECORDED.txt`).trim().slice(4)} made`, () => {
    const fresh = (): string => recordedRepository(`adopt-dvc-${version}`);

    test('its data is verified and pinned, its stages are taken over', async () => {
      const folder = fresh();
      const result = await lookAround(folder, { searchPath: '' });
      const hex = (path: string): string =>
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex');
      const md5Of = (path: string): string => /md5: (\S+)/.exec(readFileSync(join(folder, path), 'utf8'))?.[1] ?? '';
      const lock = readFileSync(join(folder, 'dvc.lock'), 'utf8');
      expect(Object.fromEntries(result.data.map(({ path, source }) => [path, source]))).toEqual({
        'data/raw.csv': { uri: `dvc:md5:${md5Of('data/raw.csv.dvc')}`, sha256: hex('data/raw.csv') },
        'data/dos.csv': { uri: `dvc:md5:${md5Of('data/dos.csv.dvc')}`, sha256: hex('data/dos.csv') },
        'data/bytes.bin': { uri: `dvc:md5:${md5Of('data/bytes.bin.dvc')}`, sha256: hex('data/bytes.bin') },
        'data/folder': { uri: `dvc:md5:${md5Of('data/folder.dvc')}`, sha256: rootOf(join(folder, 'data/folder')) },
        'rules.csv': {
          uri: `dvc:md5:${/path: rules.csv\n(?: {6}hash: md5\n)? {6}md5: (\S+)/.exec(lock)?.[1] ?? ''}`,
          sha256: hex('rules.csv'),
        },
      });
      const commands = Object.fromEntries(result.stages.map(({ name, command }) => [name, command]));
      const locked = [...lock.matchAll(/^ {2}(\S+):\n {4}cmd: (.*)$/gm)].map(([, name = '', cmd = '']) => [
        name.replace('@', '-'),
        cmd,
      ]);
      expect(locked).toHaveLength(3);
      expect(commands).toEqual(Object.fromEntries(locked));
      expect(doubtsOf(result)).toEqual([
        'dvc.yaml: the values of `params.yaml` are filled in as they are now: change both from here on',
      ]);
    });

    test.for([
      ['a file', 'data/raw.csv', 'data/raw.csv.dvc', '`data/raw.csv` has the MD5'],
      ['a file in a folder', 'data/folder/deep/two.txt', 'data/folder.dvc', '`data/folder/deep/two.txt` has the MD5'],
      ['a file that only dvc.lock knows', 'rules.csv', 'dvc.lock', '`rules.csv` has the MD5'],
    ])('%s that is not what was recorded: nothing is adopted', async ([, path = '', where, message = '']) => {
      const folder = fresh();
      appendFileSync(join(folder, path), 'more');
      const error = await errorOf(planInit(folder));
      expect(error).toMatchObject({ code: 'HF_ADOPT_MISMATCH', exit: 1, where });
      expect(error.message).toContain(message);
      expect(error.fix).toContain('dvc checkout');
    });

    test('a file more, and a file less, in a folder', async () => {
      const folder = fresh();
      writeFileSync(join(folder, 'data/folder/3.txt'), 'three');
      expect((await errorOf(lookAround(folder))).message).toBe('`data/folder/3.txt` was not recorded');
      rmSync(join(folder, 'data/folder/3.txt'));
      rmSync(join(folder, 'data/folder/1.txt'));
      expect((await errorOf(lookAround(folder))).message).toBe('`data/folder/1.txt` is missing');
    });

    test('without the list of the folder in the cache it is verified, or refused, all the same', async () => {
      const folder = fresh();
      rmSync(join(folder, '.dvc/cache'), { recursive: true });
      expect((await lookAround(folder)).data.find(({ path }) => path === 'data/folder')?.source).toBeDefined();
      writeFileSync(join(folder, 'data/folder/1.txt'), 'one more');
      expect((await errorOf(lookAround(folder))).message).toBe('`data/folder` holds other files than were recorded');
    });

    test('an object of the cache that is not the bytes of its name: nothing is adopted', async () => {
      const folder = fresh();
      const objects = version === '3' ? '.dvc/cache/files/md5' : '.dvc/cache';
      const object = `${objects}/c3/c6bc2ae8ece4bd2510dca21225c041`; // data/raw.csv
      appendFileSync(join(folder, object), 'x');
      const error = await errorOf(planInit(folder));
      expect(error).toMatchObject({ code: 'HF_ADOPT_MISMATCH', exit: 1 });
      expect(error.message).toContain(`the object \`${object}\` of DVC's cache has the MD5`);
      expect(error.fix).toBe('remove the object; `dvc fetch` brings the recorded one back');
    });

    test('an object of a file in a folder counts as well', async () => {
      const folder = fresh();
      const object = `${version === '3' ? '.dvc/cache/files/md5' : '.dvc/cache'}/c1/93497a1a06b2c72230e6146ff47080`; // two.txt
      appendFileSync(join(folder, object), 'x');
      expect((await errorOf(planInit(folder))).message).toContain(object);
    });

    test('data that is not checked out is told and not pinned; changed code and outputs are told', async () => {
      const folder = fresh();
      rmSync(join(folder, 'data/raw.csv'));
      appendFileSync(join(folder, 'head.sh'), '# edited\n');
      appendFileSync(join(folder, 'made/short.csv'), 'edited\n');
      const result = await lookAround(folder);
      expect(result.data.find(({ path }) => path === 'data/raw.csv')).toEqual({
        path: 'data/raw.csv',
        kind: 'dataset',
      });
      expect(doubtsOf(result)).toEqual(
        expect.arrayContaining([
          'data/raw.csv.dvc: `data/raw.csv` is not here: `dvc checkout` or `dvc pull` brings it',
          'dvc.lock: `head.sh` was changed since DVC ran it',
          'dvc.lock: `made/short.csv` is not what DVC made: its stage makes it again',
        ]),
      );
    });
  });
}

test('line ends count from DVC 3 on, and did not before', async () => {
  const unix = 'a,b\n1,2\n';
  for (const [version, passes] of [
    ['2', true],
    ['3', false],
  ] as const) {
    const folder = recordedRepository(`adopt-dvc-${version}`);
    rmSync(join(folder, 'dvc.lock'));
    writeFileSync(join(folder, 'data/dos.csv'), unix);
    const outcome = await lookAround(folder).then(
      () => true,
      () => false,
    );
    expect([version, outcome]).toEqual([version, passes]);
  }
});

test('a file that DVC ignores in a tracked folder: the folder is told, and not pinned', async () => {
  const folder = recordedRepository('adopt-dvc-3');
  writeFileSync(join(folder, 'data/folder/notes.tmp'), 'x');
  writeFileSync(join(folder, '.dvcignore'), '# comment\n*.tmp\n');
  const result = await lookAround(folder);
  expect(result.data.find(({ path }) => path === 'data/folder')).toEqual({ path: 'data/folder', kind: 'dataset' });
  expect(doubtsOf(result)).toContain(
    'data/folder.dvc: `data/folder` holds `notes.tmp`, which was not recorded and `.dvcignore` may name: it is not verified',
  );
});

test('a folder of links into the cache is verified, and told not to be fit for a run', async () => {
  const folder = recordedRepository('adopt-dvc-3');
  const object = join(folder, '.dvc/cache/files/md5/c1/93497a1a06b2c72230e6146ff47080');
  rmSync(join(folder, 'data/folder/deep/two.txt'));
  symlinkSync(object, join(folder, 'data/folder/deep/two.txt'));
  const result = await lookAround(folder);
  expect(result.data.find(({ path }) => path === 'data/folder')?.source).toBeUndefined();
  expect(doubtsOf(result).join('\n')).toContain('`dvc config cache.type copy`, `dvc checkout --relink`');
});

test('what lies outside of the project is not read', async () => {
  const folder = recordedRepository('adopt-dvc-3');
  const outside = repository({ 'raw.csv': readFileSync(join(folder, 'data/raw.csv'), 'utf8') });
  rmSync(join(folder, 'data/raw.csv'));
  symlinkSync(join(outside, 'raw.csv'), join(folder, 'data/raw.csv'));
  writeFileSync(join(folder, '.dvc/config'), `[cache]\n    dir = ${outside}\n`);
  const result = await lookAround(folder);
  expect(result.data.find(({ path }) => path === 'data/raw.csv')?.source).toBeUndefined();
  expect(doubtsOf(result)).toEqual(
    expect.arrayContaining([
      '.dvc/config: keeps the cache outside of the project: its objects are not verified',
      'data/raw.csv.dvc: `data/raw.csv` is a link out of the project: it is not verified',
    ]),
  );
});

test('the cache is where the configuration says', async () => {
  const folder = recordedRepository('adopt-dvc-3');
  const { renameSync } = await import('node:fs');
  renameSync(join(folder, '.dvc/cache'), join(folder, 'shared'));
  writeFileSync(join(folder, '.dvc/config'), '[core]\n    analytics = false\n[cache]\n    dir = ../shared\n');
  await lookAround(folder);
  appendFileSync(join(folder, 'shared/files/md5/c3/c6bc2ae8ece4bd2510dca21225c041'), 'x');
  expect((await errorOf(lookAround(folder))).message).toContain('`shared/files/md5/c3/');
});

test('a frozen stage is no stage: what it made is data', async () => {
  const folder = recordedRepository('adopt-dvc-3');
  const text = readFileSync(join(folder, 'dvc.yaml'), 'utf8');
  writeFileSync(join(folder, 'dvc.yaml'), text.replace('  shorten:\n', '  shorten:\n    frozen: true\n'));
  const result = await lookAround(folder);
  expect(result.stages.map(({ name }) => name)).toEqual(['count-a', 'count-b']);
  expect(result.data.find(({ path }) => path === 'made/short.csv')?.source?.uri).toBe(
    'dvc:md5:e5ebd4c02cefbe7955977c67ada242b7',
  );
  appendFileSync(join(folder, 'made/short.csv'), 'edited');
  expect((await errorOf(lookAround(folder))).code).toBe('HF_ADOPT_MISMATCH');
});

describe('.dvc files', () => {
  const md5 = 'c3c6bc2ae8ece4bd2510dca21225c041';
  const outs = `outs:\n- md5: ${md5}\n  hash: md5\n  path: x.csv\n`;
  test.for([
    ['dvc add', outs, undefined],
    [
      'dvc import-url',
      `frozen: true\ndeps:\n- etag: '1'\n  path: https://me:secret@data.example/a b.csv\n${outs}`,
      'https://data.example/a%20b.csv',
    ],
    ['dvc import-url of a bucket', `deps:\n- path: s3://bucket/x.csv\n${outs}`, 's3://bucket/x.csv'],
    ['dvc import-url of this machine', `deps:\n- path: /mnt/x.csv\n${outs}`, undefined],
    [
      'dvc import',
      `deps:\n- path: d/x.csv\n  repo:\n    url: https://git.example/a/b.git\n    rev_lock: 0123abc\n${outs}`,
      'git+https://git.example/a/b.git@0123abc#d/x.csv',
    ],
    [
      'dvc import by ssh',
      `deps:\n- path: d/x.csv\n  repo:\n    url: git@git.example:a/b.git\n${outs}`,
      'git+ssh://git.example/a/b.git#d/x.csv',
    ],
  ])('%s', ([, text = '', uri]) => {
    expect(readDvcFile(text, 'sub/x.csv.dvc').tracked).toEqual([
      { path: 'sub/x.csv', md5, isFolder: false, isLegacy: false, where: 'sub/x.csv.dvc', uri },
    ]);
  });

  test.for([
    ['no MD5 but an etag', 'outs:\n- etag: a\n  path: x.csv\n', '`x.csv` has no MD5: it is not verified'],
    [
      'another digest',
      'outs:\n- hash: blake3\n  md5: a\n  path: x\n',
      '`x` is recorded by `blake3`, not by MD5: it is not verified',
    ],
    ['outside', `outs:\n- md5: ${md5}\n  path: ../../x\n`, '`../../x` is outside of the project: it is not looked at'],
    ['a stage of DVC 1', `cmd: make\n${outs}`, 'is a stage of DVC 1: its command is left out, move it to dvc.yaml'],
  ])('told: %s', ([, text = '', what]) => {
    expect(readDvcFile(text, 'sub/x.dvc')).toEqual({ tracked: [], doubts: [{ where: 'sub/x.dvc', what }] });
  });
});

describe('must fail: what cannot be understood is refused, with its file', () => {
  test.for([
    ['dvc.yaml', 'stages: [\n', /^dvc\.yaml:2:1$/],
    ['dvc.yaml', 'a: &a [*a, *a]\nb: [*a, *a]\n', /^dvc\.yaml(?::\d+:\d+)?$/],
    ['dvc.yaml', '- a list\n', /^dvc\.yaml(?::\d+:\d+)?$/],
    ['dvc.yaml', 'stages: {}\nstages: {}\n', /^dvc\.yaml(?::\d+:\d+)?$/],
    ['dvc.yaml', 'a: !!python/object:os.system x\n', /^dvc\.yaml(?::\d+:\d+)?$/],
    ['dvc.yaml', `stages: ${'['.repeat(5000)}${']'.repeat(5000)}\n`, /^dvc\.yaml(?::\d+:\d+)?$/],
    ['dvc.yaml', `stages: {}\n# ${'x'.repeat(1024 * 1024)}\n`, /^dvc\.yaml(?::\d+:\d+)?$/],
    ['data/x.csv.dvc', 'outs:\n- md5: abc\n  path: x.csv\n', /^data\/x\.csv\.dvc(?::1:1)?$/],
    ['data/x.csv.dvc', '<<<<<<< HEAD\nouts: []\n', /^data\/x\.csv\.dvc(?::1:1)?$/],
  ] as const)('%s %#', async ([path, text, where]) => {
    const error = await errorOf(found({ [path]: text }));
    expect(error).toMatchObject({ code: 'HF_ADOPT_UNREADABLE', exit: 2 });
    expect(error.where).toMatch(where);
  });

  test.for([
    ['no schema', 'a:\n  cmd: x\n'],
    ['schema 1', "schema: '1.0'\nstages: {}\n"],
    ['a merge conflict', "<<<<<<< HEAD\nschema: '2.0'\n"],
  ])('dvc.lock: %s', async ([, text = '']) => {
    const files = { 'dvc.yaml': 'stages: {a: {cmd: x}}\n', 'dvc.lock': text };
    expect(await errorOf(found(files))).toMatchObject({
      code: 'HF_ADOPT_UNREADABLE',
      where: expect.stringMatching(/^dvc\.lock/),
    });
  });

  test('aliases that explode', async () => {
    const laughs = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...['b', 'c', 'd', 'e', 'f', 'g'].map(
        (name, at) => `${name}: &${name} [${`*${'abcdef'[at] ?? ''},`.repeat(10)}]`,
      ),
    ];
    expect(await errorOf(found({ 'dvc.yaml': laughs.join('\n') }))).toMatchObject({ code: 'HF_ADOPT_UNREADABLE' });
  });
});

test('the list of a folder is the text that Python writes', () => {
  // json.dumps(sorted(…), sort_keys=True) of CPython 3.11 for these two
  expect(
    listingText([
      { relpath: 'z/\u{1F600} "q"\\.txt', md5: 'b' },
      { relpath: 'a-ü\u007f\n', md5: 'a' },
    ]),
  ).toBe(
    String.raw`[{"md5": "a", "relpath": "a-\u00fc\u007f\n"}, {"md5": "b", "relpath": "z/\ud83d\ude00 \"q\"\\.txt"}]`,
  );
});
