import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { published } from '../../../data/test/anomaly/published-tables.ts';
import { labelledTables } from '../../../data/test/pii/labelled-columns.ts';
import { needsBubblewrap, Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
const boxed = new Scene('sandbox', 'one');
afterAll(() => {
  scene.remove();
  boxed.remove();
});

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

interface Planted {
  readonly text: string;
  /** Another table, whose first line is values as the others are. */
  readonly headless: string;
  readonly canaries: readonly string[];
}

/** A thousand values of many kinds, each once, in cells, nested values, names in nested values, sentences, and in place of names. */
function planted(): Planted {
  const columns = labelledTables().flatMap((table) =>
    table.columns.filter(({ kind }) => kind === 'entity' || kind === 'beyond'),
  );
  const all = columns.flatMap(({ cells }) =>
    cells.flatMap((cell) => (cell !== null && cell.length >= 8 ? [cell] : [])),
  );
  const canaries = [...new Set(all)].filter((_, at, { length }) => at % Math.floor(length / 1000) === 0).slice(0, 990);
  const secrets = Array.from({ length: 10 }, (_, at) => `Tr0ub4dor&3-canary-${at}`);
  const some = (from: number): readonly string[] => canaries.filter((_, at) => at % 9 === from);
  const [plain, mails, wide, inJson, asName, inText, first, second, headers] = Array.from({ length: 9 }, (_, at) =>
    some(at),
  );
  const names = ['id', 'contact', 'value', 'payload', 'keys', 'notes', 'x', 'y', 'password'];
  const rows = Array.from({ length: 110 }, (_, at) =>
    [
      ...[plain?.[at], mails?.[at], wide?.[at], JSON.stringify({ a: { b: [inJson?.[at]] } })],
      ...[JSON.stringify({ [asName?.[at] ?? 'none']: 1 }), `spoke with ${inText?.[at] ?? 'nobody'} on the phone`],
      ...[first?.[at], second?.[at], secrets[at]],
    ].map((cell) => quoted(cell ?? '')),
  );
  const text = [names.map(quoted), ...rows].map((row) => row.join(',')).join('\n');
  const lines = Array.from({ length: 22 }, (_, at) => (headers ?? []).slice(5 * at, 5 * at + 5));
  const headless = lines
    .map((line) => Array.from({ length: 5 }, (_, at) => quoted(line[at] ?? '')).join(','))
    .join('\n');
  return { text, headless, canaries: [...canaries, ...secrets] };
}

/** Everything that lies in a folder and the folders in it. */
function written(folder: string, without: readonly string[]): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (without.includes(path)) return [];
    return statSync(path).isDirectory()
      ? written(path, without)
      : [readFileSync(path).toString('latin1'), readFileSync(path, 'utf8')];
  });
}

describe('a thousand planted values', () => {
  test('are found, and none is written anywhere', { timeout: 300_000 }, async () => {
    const { text, headless, canaries } = planted();
    expect(canaries).toHaveLength(1000);
    const folder = await scene.project();
    mkdirSync(join(folder, 'own'));
    writeFileSync(join(folder, 'own/people.csv'), text);
    writeFileSync(join(folder, 'own/headless.csv'), headless);
    const file = join(folder, 'holdfast.yaml');
    const yaml = readFileSync(file, 'utf8').replace(
      'artifacts:\n',
      'artifacts:\n  people: { path: own/people.csv, kind: dataset, classification: confidential }\n',
    );
    writeFileSync(file, yaml.replace('checks:\n', 'checks:\n  people: [data.pii, data.classify, data.profile]\n'));
    const said: string[] = [];
    const type = async (line: string): Promise<number> => {
      const { stdout, stderr, status } = await scene.type(line, folder);
      said.push(stdout, stderr);
      return status;
    };
    expect(await type('holdfast data pii people --json --header')).toBe(0);
    for (const line of [
      ...['data pii own/people.csv', 'data pii own/people.csv --no-header', 'data pii people --fail secret --header'],
      ...[
        'data classify people --json --header',
        'data classify people',
        'data classify own/people.csv --no-header --json',
      ],
      ...[
        'data pii own/headless.csv',
        'data pii own/headless.csv --header --json',
        'data classify own/headless.csv --header',
      ],
      ...['data profile people --json', 'data pii people --allow nothing', 'data pii people --samples many'],
      ...[
        'data pii people --format parquet',
        'data classify people --format json-lines',
        'data pii people --separator ;',
      ],
      ...['data pii people --classifier own', 'data pii people --sample-key own/people.csv', 'run', 'status'],
      ...[
        'data profile people --page own/page.html --debug',
        'evidence list',
        'lineage',
        'gate people --to production',
      ],
    ])
      await type(`holdfast ${line}`);
    const { stdout } = await scene.type('holdfast evidence list people --json', folder);
    const ids = [...stdout.matchAll(/"id": ?"([0-9a-f]{64})"/g)].map(([, id]) => id ?? '');
    expect(new Set(ids).size).toBeGreaterThan(8);
    for (const id of ids) expect(await type(`holdfast evidence show ${id} --json`)).toBe(0);
    expect(said.join('').match(/data\.pii\.(?:personal|secret|card|special)/g)?.length).toBeGreaterThan(20);
    const everything = [
      ...said,
      ...written(folder, [join(folder, 'own/people.csv'), join(folder, 'own/headless.csv')]),
    ].join('\n');
    const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
    expect(canaries.filter((text) => everything.includes(text) || everything.includes(inJson(text)))).toEqual([]);
  });
});

test('real people are found, and not shown', { timeout: 240_000 }, async (context) => {
  const path = published('compas-two-years.csv', (reason) => {
    context.skip(reason);
  });
  const folder = scene.folder();
  const pii = await scene.type(`holdfast data pii ${path} --json`, folder);
  const classified = await scene.type(`holdfast data classify ${path} --json`, folder);
  const { findings } = (JSON.parse(pii.stdout) as { result: { report: { findings: { message: string }[] } } }).result
    .report;
  const kinds = findings.flatMap(({ message }) => {
    const [, column = '', kind = ''] = /^`(.*?)`: .* \(([a-z-]+)\) in /.exec(message) ?? [];
    return kind === '' ? [] : [[column, kind] as const];
  });
  expect(Object.fromEntries(kinds)).toMatchObject({
    ...{
      name: 'person-name',
      first: 'given-name',
      last: 'family-name',
      dob: 'date-of-birth',
      race: 'race-or-ethnicity',
    },
    ...{ c_case_number: 'case-number', r_case_number: 'case-number', vr_case_number: 'case-number', sex: 'sex' },
  });
  const { metrics } = (JSON.parse(classified.stdout) as { result: { report: { metrics: Record<string, number> } } })
    .result.report;
  expect(metrics['class']).toBeGreaterThanOrEqual(2);
  const everything = [pii.stdout, pii.stderr, classified.stdout, classified.stderr].join('\n').toLowerCase();
  const people = readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const shown = people.filter(([, name = '', , , , , dob = '']) =>
    [name, dob].some((each) => each.length >= 8 && everything.includes(each.toLowerCase())),
  );
  // how many, not who
  expect(shown).toHaveLength(0);
});

test('a stage with a network is not given what is confidential, and a gate demands a class', {
  timeout: 240_000,
}, async (context) => {
  needsBubblewrap(context);
  const folder = boxed.folder();
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const yaml = (sandbox: string): string => `project: people
ledger: people.example
artifacts:
  people: { path: people.csv, kind: dataset }
  count: { path: count.txt, kind: report }
stages:
  count: { command: wc -l people.csv > count.txt, inputs: [people], outputs: [count]${sandbox} }
checks: { people: [data.classify] }
environments: { partners: { policy: policy/partners.cedar } }
`;
  write('people.csv', `n,email\n${Array.from({ length: 20 }, (_, at) => `${at},ann${at}@mail.example`).join('\n')}\n`);
  write('holdfast.yaml', yaml(', sandbox: { network: [mail.example] }'));
  write(
    'policy/partners.cedar',
    `@id("ask") permit (principal, action == Holdfast::Action::"deploy", resource);
@id("not-confidential") @why("{artifact} is not shown to be public or internal")
forbid (principal, action == Holdfast::Action::"deploy", resource)
unless { resource has data.classify.metricsAtMost.class && resource.data.classify.metricsAtMost.class.lessThanOrEqual(decimal("1.0")) };
`,
  );
  const type = async (line: string) => boxed.type(`holdfast ${line}`, folder);
  expect(await type('init --yes')).toMatchObject({ status: 0 });
  const denied = await type('run');
  expect(denied.status).toBe(1);
  expect(`${denied.stdout}${denied.stderr}`.replaceAll(/\s+/g, ' ')).toContain(
    '`count` may not be given `people`: people is confidential, and the stage can reach a network (confidential-offline)',
  );
  write('holdfast.yaml', yaml(''));
  expect(await type('run')).toMatchObject({ status: 0 });
  const gate = await type('gate people --to partners');
  expect(gate.status).toBe(1);
  expect(gate.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'people is not shown to be public or internal'.replace('people', 'people.csv'),
  );
  write('people.csv', 'n,m\n1,2\n2,4\n');
  expect(await type('run')).toMatchObject({ status: 0 });
  expect(await type('gate people --to partners')).toMatchObject({ status: 0 });
});
