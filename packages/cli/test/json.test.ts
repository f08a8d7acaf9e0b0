import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomOf } from '@holdfast/statistics';
import { afterAll, expect, test } from 'vitest';
import { commands } from '../src/command-table.ts';
import { Scene } from './scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const trials = join(import.meta.dirname, '../../trials/corpus');

/** A call of every command, in an order in which they succeed one after the other; what a few of them must tell. */
const calls: readonly (readonly [name: string, rest: string, told?: Record<string, unknown>])[] = [
  ['init', '--yes --roles authority,builder', { key: 'builder' }],
  ['key create', 'checker --roles checker', { name: 'checker', roles: ['checker'], index: 0 }],
  ['key create', 'approver --roles approver'],
  ['key list', ''],
  ['run', '', { recorded: 5, ledgerSize: 7 }],
  ['sign', 'model', { artifact: 'model', signer: 'builder', index: 7 }],
  ['approve', 'model --reason good', { artifact: 'model', signer: 'approver', index: 8 }],
  ['gate', 'model', { artifact: 'model', environment: 'production', allowed: true, reasons: [] }],
  ['status', '', { project: 'credit', broken: [] }],
  ['lineage', 'model', { title: 'credit', format: 'text', evidence: { runs: 3, decisions: 1 }, broken: [], left: [] }],
  ['verify', 'model', { name: 'model', changes: [], withdrawn: false, broken: [] }],
  ['evidence list', ''],
  ['evidence show', "$(holdfast evidence list | awk '/approves/ {print $2}')", { kind: 'approval' }],
  ['evidence export', 'out.holdfast', { evidence: 10, size: 10 }],
  ['ledger show', '', { origin: 'credit.example', size: 10 }],
  ['ledger prove', '3', { index: 3 }],
  ['ledger verify', '', { size: 10, counted: 10, broken: [] }],
  ['ledger fsck', '', { size: 10, problems: [] }],
  ['key trust', '--export'],
  [
    'gateway check',
    '',
    {
      routes: [
        { model: 'model', served: true },
        { served: true, candidate: true },
      ],
    },
  ],
  ['caller create', 'app --role reader', { name: 'app' }],
  ['caller rotate', 'app', { name: 'app' }],
  ['caller list', '', { keys: [{ name: 'app', roles: ['reader'], secrets: 2 }] }],
  ['caller pardon', 'app', { name: 'app', pardoned: [{ route: '/', was: 'block' }] }],
  ['caller revoke', 'app', { name: 'app' }],
  ['gateway', '--for 1s', { answered: 0, refused: 0, recorded: 2 }],
  ['gateway fit', 'triples.csv --model logistic.onnx --output guard.json', { metrics: { rows: 200, features: 3 } }],
  ['gateway promote', '/ --weight 0.5', { route: '/', model: 'model', weight: 0.5, signer: 'approver' }],
  ['gateway rollback', '/ --reason slow', { weight: 0, reason: 'slow' }],
  ['release', 'model --device camera', { device: 'camera', version: 1, signer: 'approver' }],
  ['evidence export', 'camera.holdfast --with model', { artifact: 'model' }],
  [
    'install',
    'camera.holdfast --to device --device camera --policy policy/production.cedar --trust policy/trust.json',
    { version: 1, isUnchanged: false },
  ],
  ['install check', 'device', { isGood: true, version: 1, isRecovered: false }],
  ['key revoke', 'checker', { name: 'checker', roles: ['checker'] }],
  ['revoke', 'applicants --reason consent', { artifact: 'applicants', reason: 'consent' }],
  ['policy test', ''],
  ['scan', 'logistic.onnx', { verdict: 'pass', totals: { files: 1, pass: 1 } }],
  ['data suggest', 'people.csv --output suggested.json', { output: 'suggested.json', expectations: 5 }],
  ['data profile', 'people.csv', { report: { verdict: 'pass', metrics: { columns: 1 } } }],
  ['data anomaly', 'people.csv', { report: { origin: 'measured' } }],
  ['data validate', 'people.csv --suite suite.json', { report: { verdict: 'pass', metrics: { met: 1 } } }],
  ['data coverage', `people.csv --min 1 --slices '[{"columns":["age"]}]'`, { report: { verdict: 'pass' } }],
  ['data drift', 'people.csv --reference people.csv', { report: { verdict: 'warn', metrics: { drifted: 0 } } }],
  ['data poison', 'rows.csv --label kind --detectors triggers', { report: { verdict: 'pass' } }],
  ['data pii', 'rows.csv', { report: { verdict: 'pass' } }],
  ['data classify', 'rows.csv', { report: { verdict: 'pass', metrics: { class: 1 } } }],
  ['data mask-plan', 'rows.csv --personal-data pii.json --output plan.yaml', { written: ['plan.yaml'] }],
  ['data mask', 'rows.csv --plan mask.yaml --key-file mask.key --output masked.csv', { written: ['masked.csv'] }],
  ['data unmask', 'masked.csv --plan mask.yaml --key-file mask.key --output plain.csv', { written: ['plain.csv'] }],
  ['data anonymise', 'rows.csv --quasi a,b --insensitive kind --k 2 --output k2.csv', { written: ['k2.csv'] }],
  [
    'data quarantine',
    'people.csv --rows 1 --output kept.csv --set-aside aside.csv',
    { verdict: 'pass', metrics: { set_aside: 1 }, written: ['kept.csv', 'aside.csv'] },
  ],
  [
    'trial robustness',
    `${trials}/models/digits-mlp.trace-11.onnx --data ${trials}/data/digits-test.npz --norm linf --epsilon 0.05 --rows 20 --output build/trial`,
    { verdict: 'pass', origin: 'measured', coverage: { examined: 20, total: 20 } },
  ],
  ['trial merge', 'build/trial', { verdict: 'pass', coverage: { examined: 20, total: 20 } }],
  ...['adversarial --steps 1', 'regularise', 'prune', 'quantise'].map((kind, index): (typeof calls)[number] => {
    const [name = '', ...more] = kind.split(' ');
    const training = index < 2 ? '--norm linf --epsilon 0.05 --epochs 1' : '';
    return [
      `harden ${name}`,
      `${trials}/models/digits-mlp.trace-11.onnx --data ${trials}/data/digits-train.npz ${training} ${more.join(' ')} --output ${name}.onnx`,
      { output: `${name}.onnx` },
    ];
  }),
  ['data fetch', '--record', { sources: [{ source: 'bureau', path: 'data/applicants.csv', status: 'fetched' }] }],
  ['data watch', '--once', { looks: 1, sources: [{ source: 'bureau', status: 'same' }] }],
  ['doctor', ''],
];

test('every command answers --json with one object on one line', { timeout: 120_000 }, async () => {
  const folder = scene.pipeline();
  const cases =
    '[{"name":"nothing","action":"deploy","expect":"deny","facts":{},"context":{"environment":"production","evidenceVerified":true}}]';
  const suite =
    '{"expectations":[{"type":"expect_column_values_to_be_in_set","kwargs":{"column":"age","value_set":[31]}}]}';
  for (const [name, rest, told] of calls) {
    if (name === 'policy test') await scene.type(`echo '${cases}' > policy/production.test.json`, folder);
    if (name === 'data fetch') {
      const source = 'cp data/applicants.csv in.csv; echo "sources: { bureau: { uri: in.csv } }" >> holdfast.yaml';
      await scene.type(
        `${source}; sed -i 's/kind: dataset/&, source: bureau/' holdfast.yaml; holdfast key create again --roles checker`,
        folder,
      );
    }
    if (name === 'gateway check') {
      const route =
        '{ model: model, environment: production, upstream: "http://127.0.0.1:1", canary: { model: model, upstream: "http://127.0.0.1:2" } }';
      await scene.type(
        `echo 'gateway: { listen: { port: 0 }, callers: { keys: policy/callers.json }, routes: [${route}] }' >> holdfast.yaml`,
        folder,
      );
    }
    if (name === 'gateway fit') writeTriples(folder);
    if (name === 'caller pardon') await blockCaller(folder);
    if (name === 'data poison') writeMaskable(folder);
    if (name === 'data mask-plan') await scene.type('holdfast data pii rows.csv --json > pii.json', folder);
    if (name === 'data suggest')
      await scene.type(`printf 'age\\n31\\n' > people.csv; echo '${suite}' > suite.json`, folder);
    const { stdout, stderr, status } = await scene.type(`holdfast ${name} --json ${rest}`, folder);
    expect(stderr, name).toBe('');
    expect(stdout.trimEnd().split('\n'), name).toHaveLength(1);
    const { ok, exit, command, result } = JSON.parse(stdout) as Record<string, unknown>;
    expect({ ok, exit, command, status }, name).toEqual({ ok: true, exit: 0, command: name, status: 0 });
    expect(result, name).toBeDefined();
    if (told !== undefined) expect(result, name).toMatchObject(told);
  }
});

/** Rows of what the model takes. */
function writeTriples(folder: string): void {
  const random = randomOf('triples');
  const rows = Array.from({ length: 200 }, () => [random.normal(), random.normal(), random.normal()].join(','));
  writeFileSync(join(folder, 'triples.csv'), `a,b,c\n${rows.join('\n')}\n`);
}

/** As a gateway would put it on record. */
async function blockCaller(folder: string): Promise<void> {
  const pipeline = join(import.meta.dirname, '../../pipeline/src');
  writeFileSync(
    join(folder, 'block.mjs'),
    `import { findArtifact } from '${pipeline}/artifacts.ts';
import { openProject } from '${pipeline}/project.ts';
import { recordGatewayResponse } from '${pipeline}/serving/record-response.ts';
const project = await openProject('.');
await recordGatewayResponse(project, await findArtifact(project, 'model', '.'), {
  gateway: 'g', environment: 'production', route: '/', caller: 'key:app', from: 'none', to: 'block', points: 10,
  reason: 'gateway.extraction.martingale', changedOn: new Date().toISOString(),
  until: new Date(Date.now() + 3_600_000).toISOString(),
});
`,
  );
  const node = `'${process.execPath}' --conditions=source --disable-warning=ExperimentalWarning`;
  expect(await scene.type(`${node} block.mjs`, folder)).toEqual({ stdout: '', stderr: '', status: 0 });
}

/** A table of numbers and two kinds, and what masks it. */
function writeMaskable(folder: string): void {
  const lines = Array.from(
    { length: 120 },
    (_, at) => `${(at * 37) % 101},${(at * at) % 53},${(at * 37) % 101 > 50 ? 'x' : 'y'}`,
  );
  writeFileSync(join(folder, 'rows.csv'), `a,b,kind\n${lines.join('\n')}\n`);
  writeFileSync(
    join(folder, 'mask.yaml'),
    'version: 1\nkeyId: aa9812380a161ed4\ncolumns: { a: encrypt, b: keep, kind: keep }\n',
  );
  writeFileSync(join(folder, 'mask.key'), '3f1c9a5e0b7d42866ef1a09c5d38b7f24ac06e91d5837bf0125e9c64a78d3b0f\n', {
    mode: 0o600,
  });
}

test('the calls above are about every command', () => {
  expect([...new Set(calls.map(([name]) => name))].sort()).toEqual(commands.map(({ name }) => name).sort());
});

test('--quiet says nothing but errors', { timeout: 60_000 }, async () => {
  const folder = await scene.project();
  for (const line of ['run', 'gate model', 'status', 'evidence list', 'ledger verify']) {
    expect(await scene.type(`holdfast ${line} --quiet`, folder), line).toEqual({ stdout: '', stderr: '', status: 0 });
  }
  const { stdout, stderr, status } = await scene.type('holdfast -q gate modle', folder);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toContain('HF_ARTIFACT_UNKNOWN');
});
