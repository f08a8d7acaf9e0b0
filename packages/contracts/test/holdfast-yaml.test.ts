import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configProblems, type HoldfastYaml, holdfastYaml } from '../src/index.ts';

const digest = '88b0'.repeat(16);
/** The example of the design, as a YAML parser returns it. */
const example: HoldfastYaml = {
  project: 'credit-risk',
  ledger: 'credit-risk.example',
  sources: {
    bureau: { uri: 'https://data.example/applicants.csv', sha256: digest, license: 'CC-BY-4.0', retention: '2y' },
  },
  artifacts: {
    applicants: { path: 'data/applicants.csv', kind: 'dataset', source: 'bureau', classification: 'confidential' },
    model: { path: './build/model/', kind: 'model', risk: 'high' },
  },
  stages: {
    prepare: {
      command: 'python prepare.py',
      toolchain: ['python'],
      inputs: ['applicants', 'prepare.py'],
      outputs: ['build/train.parquet', 'build/test.parquet'],
    },
    train: {
      owner: 'ml-team',
      command: 'python train.py --epochs 5\n',
      inputs: ['build/train.parquet', 'train.py'],
      outputs: ['model'],
      parameters: { epochs: 5, 'learning-rate': 0.1, optimiser: 'adam', shuffle: true },
      maxAge: '30d',
      secrets: { HF_TOKEN: {}, DB_PASSWORD: { file: '~/.config/db-password', as: 'file' } },
      sandbox: {
        network: ['pypi.example:443', 'data.example'],
        memory: '4GiB',
        cpus: 2,
        time: '30m',
        processes: 256,
        files: 1024,
        output: '10GiB',
        gpu: 'none',
        isolation: 'container',
      },
    },
    evaluate: { command: 'python evaluate.py', inputs: ['model', 'evaluate.py'], metrics: 'build/metrics.json' },
  },
  checks: {
    applicants: ['data.profile', { 'data.validate': { suite: 'suites/applicants.json' } }],
    model: ['scan'],
  },
  scan: {
    allow: [
      { callable: 'credit.models.Scorecard', reason: 'ours, reviewed' },
      { callable: 'builtins.slice' },
      { sha256: digest, reason: 'the tokenizer of the vendor' },
    ],
  },
  environments: { production: { policy: 'policy/production.cedar', maxAge: '90d' } },
  gateway: { routes: [{ model: 'model', environment: 'production', upstream: 'http://127.0.0.1:9000' }] },
};

const canary = (change: object) => ({ model: 'model', upstream: 'http://h', ...change });

function problems(value: unknown) {
  const parsed = holdfastYaml.safeParse(value);
  return parsed.success ? [] : configProblems(parsed.error);
}

/** The example with one value replaced or added. */
function withChange(path: readonly (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(example);
  let node = copy as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) node = node[part] as Record<string | number, unknown>;
  node[path.at(-1)!] = value;
  return copy;
}

describe('what parses', () => {
  it('normalises durations, sizes, paths and checks', () => {
    const config = holdfastYaml.parse(example);
    expect(config.sources['bureau']?.retention).toBe(2 * 365 * 24 * 3_600_000);
    expect(config.artifacts['model']).toEqual({ path: 'build/model', kind: 'model', risk: 'high' });
    expect(config.stages['train']?.command).toBe('python train.py --epochs 5');
    expect(config.stages['train']?.maxAge).toBe(2_592_000_000);
    expect(config.stages['train']?.sandbox).toEqual({
      network: ['pypi.example:443', 'data.example'],
      memory: 4_294_967_296,
      cpus: 2,
      time: 1_800_000,
      processes: 256,
      files: 1024,
      output: 10_737_418_240,
      gpu: 'none',
      isolation: 'container',
    });
    expect(config.checks['applicants']).toEqual([
      { name: 'data.profile', options: {} },
      { name: 'data.validate', options: { suite: 'suites/applicants.json' } },
    ]);
    expect(config.environments['production']?.maxAge).toBe(7_776_000_000);
  });

  it('fills in what is left out, and gives no network unless asked', () => {
    expect(holdfastYaml.parse({ project: 'a', ledger: 'a.example', stages: { s: { command: 'true' } } })).toEqual({
      project: 'a',
      ledger: 'a.example',
      sources: {},
      artifacts: {},
      stages: {
        s: {
          command: 'true',
          toolchain: [],
          inputs: [],
          outputs: [],
          parameters: {},
          secrets: [],
          sandbox: { network: 'none' },
        },
      },
      operations: {},
      checks: {},
      scan: { allow: [] },
      environments: {},
    });
  });
});

describe('an accelerator', () => {
  function sandboxOf(sandbox: object): unknown {
    const stages = { s: { command: 'true', sandbox } };
    return holdfastYaml.parse({ project: 'a', ledger: 'a.example', stages }).stages['s']?.sandbox;
  }

  it.each([
    [{ accelerator: 'gpu' }, { network: 'none', gpu: 'all' }],
    [{ accelerator: 'none' }, { network: 'none', gpu: 'none' }],
    [{ gpu: 2 }, { network: 'none', gpu: 2 }],
    [{}, { network: 'none' }],
  ])('%j is said in one way: %j', (written, parsed) => {
    expect(sandboxOf(written)).toEqual(parsed);
  });
});

const refusals: [path: (string | number)[], value: unknown, message: RegExp, fix?: string][] = [
  [['project'], 12, /^expected a name, found the number `12`$/, 'put the value in quotes'],
  [['projct'], 'x', /^unknown key `projct`$/, 'did you mean `project`?'],
  [
    ['zzz'],
    1,
    /^unknown key `zzz`$/,
    'the keys here are `project`, `ledger`, `origins`, `sources`, `artifacts`, `stages`, `operations`, `checks`, `scan`, `environments`, `gateway`',
  ],
  [['ledger'], 'https://a.example/x', /^`https:\/\/a.example\/x` is not a bare host name/],
  [['sources', 'bureau', 'sha256'], 12, /SHA-256/, 'put the value in quotes'],
  [['sources', 'bureau', 'uri'], 'https://me:secret@h/x', /^holds a user name or password/],
  [['sources', 'bureau', 'uri'], 'https:me:secret@h/x', /^holds a user name or password/],
  [['sources', 'bureau', 'uri'], 'https:\\\\me:secret@h/x', /^holds a user name or password/],
  [['sources', 'bureau', 'uri'], 's3://me:sec ret@h/x', /^holds a user name or password/],
  [['sources', 'bureau', 'uri'], 'https:///x', /is not a URL such as/],
  [['sources', 'bureau', 'uri'], 'https://a\\b/x', /is not a URL such as/],
  [['sources', 'bureau', 'uri'], 'https://[::1/x', /is not a URL such as/],
  [['sources', 'bureau', 'uri'], 's3://a b', /is not a URI with a scheme/],
  [['sources', 'bureau', 'uri'], '../shared.csv', /leaves the project/],
  [['sources', 'bureau', 'uri'], '/etc/passwd', /is absolute/],
  [['sources', 'bureau', 'uri'], '', /found empty text/],
  [['sources', 'bureau', 'signer'], 'Not A Name', /is not a name/],
  [['sources', 'bureau', 'license'], 'see the web page', /is not an SPDX expression/],
  [['sources', 'bureau', 'license'], 'MIT OR', /is not an SPDX expression/],
  [['sources', 'bureau', 'license'], `${'('.repeat(20)}MIT${')'.repeat(20)}`, /is not an SPDX expression/],
  [['sources', 'bureau', 'consent'], 'a\u202eb', /direction marks/],
  [['sources', 'bureau', 'origins'], [], /names no host/],
  [['sources', 'bureau', 'origins'], ['https://cdn.example'], /is not a host name, with a port/],
  [['sources', 'bureau', 'maxSize'], 5, /expected a size/, 'add a unit'],
  [['sources', 'bureau', 'classification'], 'secret', /^expected one of `public`/],
  [['sources', 'bureau', 'retention'], 2, /expected a duration/, 'add a unit'],
  [['artifacts', 'Model'], {}, /^`Model` is not a name/],
  [['artifacts', 'model', 'path'], '../x', /leaves the project/],
  [['artifacts', 'model', 'kind'], 'modle', /^expected one of `dataset`.*found the text `modle`$/],
  [['artifacts', 'model', 'source'], 'buro', /^the source `buro` is not declared$/],
  [['artifacts', 'model', 'source'], 'burea', /^the source `burea` is not declared$/, 'did you mean `bureau`?'],
  [['stages', 'train', 'comand'], 'x', /^unknown key `comand`$/, 'did you mean `command`?'],
  [['stages', 'train', 'command'], undefined, /^is missing: expected a command/],
  [['stages', 'train', 'command'], 'a\u0007b', /control characters/],
  [['stages', 'train', 'inputs', 0], '/etc/passwd', /is absolute/],
  [['stages', 'train', 'inputs'], 'train.py', /^expected a list of artifacts and paths, found the text `train.py`$/],
  [['stages', 'train', 'toolchain'], ['/usr/bin/python'], /is not the name of a program/],
  [['stages', 'train', 'parameters'], { epochs: [1] }, /^expected text, a number, true or false, found a list$/],
  [['stages', 'train', 'sandbox', 'network'], [], /^is an empty list: write `none`$/],
  [['stages', 'train', 'sandbox', 'network'], 'all', /^expected `none` or a list of host names/],
  [['stages', 'train', 'sandbox', 'network', 0], 'a.example:70000', /port above 65535/],
  [['stages', 'train', 'sandbox', 'cpus'], 0, /^`0` is not more than zero$/],
  [['stages', 'train', 'sandbox', 'processes'], 0, /^`0` is not more than zero$/],
  [['stages', 'train', 'sandbox', 'processes'], 4_194_305, /^`4194305` is more than 4194304$/],
  [['stages', 'train', 'sandbox', 'processes'], 1.5, /^expected a number of processes such as `64`/],
  [['stages', 'train', 'sandbox', 'files'], -1, /^`-1` is not more than zero$/],
  [['stages', 'train', 'sandbox', 'files'], 1_048_577, /^`1048577` is more than 1048576$/],
  [['stages', 'train', 'sandbox', 'files'], 'many', /^expected a number of open files such as `64`/],
  [['stages', 'train', 'sandbox', 'output'], 10, /^expected a size/, 'add a unit'],
  [['stages', 'train', 'sandbox', 'gpu'], 0, /^expected `none`, `all` or a number of devices/],
  [['stages', 'train', 'sandbox', 'accelerator'], 'tpu', /^expected `gpu` or `none`/],
  [['stages', 'train', 'sandbox', 'accelerator'], 'gpu', /^says what `gpu` says, too: write one of the two$/],
  [['stages', 'train', 'sandbox', 'isolation'], 'bwrap', /^expected `none`, `sandbox`, `container` or `vm`/],
  [['stages', 'train', 'sandbox', 'netwrok'], 'none', /^unknown key `netwrok`$/, 'did you mean `network`?'],
  [['checks', 'modle'], [], /^the artifact `modle` is not declared$/, 'did you mean `model`?'],
  [['checks', 'model', 0], { a: {}, b: {} }, /names more or less than one check/],
  [['checks', 'model', 0, 'a'], 1, /./],
  [['scan'], { alow: [] }, /^unknown key `alow`$/, 'did you mean `allow`?'],
  [['scan'], ['os.system'], /^expected a mapping, found a list$/],
  [
    ['scan', 'allow'],
    'a.B',
    /^expected a list of entries such as `{ callable: package.module.Class }`, found the text/,
  ],
  [['scan', 'allow', 0], 'a.B', /^expected a mapping, found the text `a.B`$/],
  [['scan', 'allow', 0], {}, /^names a callable or a digest: one of `callable` and `sha256`$/],
  [['scan', 'allow', 0], { callable: 'a.B', sha256: digest }, /^names a callable or a digest/],
  [['scan', 'allow', 0], { reason: 'because' }, /^names a callable or a digest/],
  [['scan', 'allow', 0, 'callable'], 'eval', /^`eval` is not the full name of a callable such as/],
  [['scan', 'allow', 0, 'callable'], 'a..B', /is not the full name of a callable/],
  [['scan', 'allow', 0, 'callable'], 'a.*', /is not the full name of a callable/],
  [['scan', 'allow', 0, 'callable'], 'a b.C', /is not the full name of a callable/],
  [['scan', 'allow', 0, 'callable'], `a.${'b'.repeat(511)}`, /^is longer than 512 characters$/],
  [['scan', 'allow', 2, 'sha256'], 'abc', /is not a SHA-256 digest/],
  [['scan', 'allow', 2, 'reason'], 'a\nb', /control characters/],
  [['environments', 'production', 'policy'], null, /^expected a path inside the project, found nothing$/],
  [['gateway', 'routes', 0, 'model'], 'applicants', /is of the kind `dataset`$/, 'name a model'],
  [['gateway', 'routes', 0, 'environment'], 'prod', /^the environment `prod` is not declared$/],
  [['gateway', 'routes', 0, 'upstream'], 'http://u@h/', /is not an HTTP address/],
  [['gateway', 'routes', 0, 'upstream'], 'ftp://h/', /is not an HTTP address/],
  [['gateway', 'routes', 0], { model: 'model', environment: 'production' }, /says either `upstream` or `launch`/],
  [['gateway', 'routes', 0, 'launch'], { command: [] }, /names no program/],
  [['gateway', 'routes', 0, 'launch'], { command: ['serve'] }, /says nowhere `\{port\}`/],
  [['gateway', 'routes', 0, 'launch'], { command: ['serve', '{port}', 'a\nb'] }, /control characters, line breaks/],
  [
    ['gateway', 'routes', 0, 'launch'],
    { command: ['{port}'], environment: { 'A B': '1' } },
    /is not the name of a var/,
  ],
  [['gateway', 'routes', 0, 'launch'], { command: ['{port}'], ready: 'ping' }, /is not a path such as `\/ping`/],
  [['gateway', 'routes', 0, 'challenge'], { data: '../rows.csv' }, /leaves the project/],
  [['gateway', 'routes', 0, 'challenge'], { data: 'rows.csv', rows: 0 }, /too small|expected|>=1/i],
  [['gateway', 'routes', 0, 'challenge'], { data: 'rows.csv', tolerance: '1%' }, /expected a number/],
  [['gateway', 'routes', 0, 'canary'], { model: 'model' }, /says either `upstream` or `launch`/],
  [['gateway', 'routes', 0, 'canary'], canary({ model: 'applicants' }), /is of the kind `dataset`$/],
  [['gateway', 'routes', 0, 'canary'], canary({ model: 'modle' }), /is not declared$/],
  [['gateway', 'routes', 0, 'canary'], canary({ weight: '10%' }), /expected a share from 0 to 1/],
  [['gateway', 'routes', 0, 'canary'], canary({ header: 'X-Model' }), /is not the name of a header in lower case/],
  [['gateway', 'routes', 0, 'canary'], canary({ header: 'authorization' }), /is a header that says something else/],
  [['gateway', 'routes', 0, 'canary'], canary({ rollback: { errors: 0.1 } }), /is missing: expected a whole number/],
];

describe('what is refused', () => {
  it.each(refusals.filter(([path]) => path.at(-1) !== 'a'))('%j = %j', (path, value, message, fix) => {
    const found = problems(withChange(path, value));
    const here = found.find((problem) => message.test(problem.message));
    expect(here, JSON.stringify(found)).toBeDefined();
    expect(here!.path.slice(0, path.length)).toEqual(path);
    if (fix !== undefined) expect(here!.fix).toBe(fix);
  });

  it('finds the item of a list of checks that is wrong', () => {
    expect(problems(withChange(['checks', 'model'], ['scan', { 'trial.robustness': 1 }]))).toEqual([
      {
        path: ['checks', 'model', 1, 'trial.robustness'],
        message: 'expected a mapping of options, found the number `1`',
      },
    ]);
  });

  it('does not pass over what zod passes over', () => {
    const proto: unknown = JSON.parse('{"__proto__": {"path": "x", "kind": "model"}}');
    expect(problems({ project: 'a', ledger: 'a', artifacts: proto })).toEqual([
      { path: ['artifacts', '__proto__'], message: '`__proto__` is not a key' },
    ]);
  });

  it('stops at cycles, depth, count and what JSON cannot say', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    expect(problems(cyclic)[0]?.message).toBe('is nested deeper than 24 levels');
    // Thirty lists that hold the one before twice: 2^30 values for a parser that follows aliases.
    let bomb: unknown = 'lol';
    for (let level = 0; level < 20; level++) bomb = [bomb, bomb];
    expect(problems({ project: bomb })[0]?.message).toMatch(/holds more than 100000 values/);
    const odd = withChange(['checks', 'model'], [{ scan: { at: new Date(0) } }]);
    expect(problems(odd)[0]?.message).toBe('is not a plain list or mapping');
    expect(problems(withChange(['checks', 'model'], [{ scan: { x: Number.NaN } }]))[0]?.path).toEqual([
      'checks',
      'model',
      0,
      'scan',
      'x',
    ]);
  });

  it('shows nothing that a terminal would obey', () => {
    const [problem] = problems({ project: '\u001b[31m\u202eevil', ledger: 'a' });
    expect(problem?.message).not.toMatch(/[\u001b\u202e]/);
    expect(problems({ project: 'x'.repeat(500), ledger: 'a' })[0]!.message.length).toBeLessThan(200);
  });

  it('reports at most 100 problems', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`Bad${i}`, 1]));
    expect(problems({ project: 'a', ledger: 'a', ...many })).toHaveLength(100);
  });

  it('throws nothing, whatever it is given, and says something about what it refuses', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, maxDepth: 4 }), (value) => {
        const found = problems(value);
        expect(found.length).toBeGreaterThan(0);
        for (const { message } of found) expect(message).toMatch(/^[^A-Z].*[^.]$/s);
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing when any one value of the example becomes anything', () => {
    const leaves: (string | number)[][] = [];
    const collect = (node: unknown, path: (string | number)[]): void => {
      leaves.push(path);
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(node))
        collect(child, [...path, Array.isArray(node) ? Number(key) : key]);
    };
    collect(example, []);
    fc.assert(
      fc.property(fc.constantFrom(...leaves.slice(1)), fc.anything({ maxDepth: 3 }), (path, value) => {
        const changed = withChange(path, value);
        const parsed = holdfastYaml.safeParse(changed);
        if (!parsed.success) expect(configProblems(parsed.error).length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
