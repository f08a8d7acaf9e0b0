import { readdirSync, readFileSync } from 'node:fs';
import { nodeCryptography } from '@holdfast/ledger';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Report } from '../src/check.ts';
import { checkPredicate } from '../src/predicates/check.ts';
import { type PredicateSchemaName, predicateJsonSchemas } from '../src/predicates/json-schema.ts';
import { evidenceAs, type PredicateName, predicateSchemas } from '../src/predicates/parse.ts';
import { predicateTypes } from '../src/predicates/types.ts';
import { signedArtifact } from '../src/signed-artifact.ts';
import { type Statement, statementOf, statementPayloadType } from '../src/statement.ts';
import { parseStatement } from '../src/verify/statement.ts';
import { artifact, expectCode, openScene, person } from './scene.ts';

const names = [
  ...(['run', 'check', 'dataset-profile', 'suspect-rows', 'quarantine', 'approval'] as const),
  ...(['withdrawal', 'key-event', 'decision', 'access', 'column-lineage', 'request-log', 'serving'] as const),
  ...(['switch', 'release', 'gateway-response', 'gateway-tuning', 'gateway-alert'] as const),
];
const kinds: Partial<Record<PredicateSchemaName, PredicateName>> = {
  'key-event': 'keyEvent',
  'dataset-profile': 'datasetProfile',
  'column-lineage': 'columnLineage',
  'suspect-rows': 'suspectRows',
  'request-log': 'requestLog',
  'gateway-response': 'gatewayResponse',
  'gateway-tuning': 'gatewayTuning',
  'gateway-alert': 'gatewayAlert',
};
const kindOf = (name: PredicateSchemaName): PredicateName => kinds[name] ?? (name as PredicateName);
const spec = new URL('../../../spec/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, spec), 'utf8'));

interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}
interface Valid {
  readonly kind: PredicateSchemaName;
  readonly statement: Statement;
}
interface MustFail {
  readonly kind: PredicateSchemaName;
  readonly cases: readonly { readonly description: string; readonly patch: readonly Operation[] }[];
}

const valid = names.map((name) => read(`vectors/valid/predicates/${name}.json`) as Valid);
const mustFail = names.flatMap((name) => {
  const { cases } = read(`vectors/must-fail/predicates/${name}.json`) as MustFail;
  return cases.map((each) => ({ name, ...each }));
});

/** JSON Patch (RFC 6902), as far as the vectors use it. */
function patched(document: unknown, operations: readonly Operation[]): unknown {
  const copy = structuredClone(document);
  for (const { op, path, value } of operations) {
    const keys = path.split('/').slice(1);
    const last = keys.pop()!;
    const holder = keys.reduce((inner, key) => inner[key] as Record<string, unknown>, copy as Record<string, unknown>);
    if (op !== 'add' && !(last in holder)) throw new Error(`there is nothing at ${path}`);
    if (op === 'remove') Reflect.deleteProperty(holder, last);
    else if (op === 'add' && Array.isArray(holder)) holder.splice(Number(last), 0, value);
    else holder[last] = value;
  }
  return copy;
}

const predicateOf = (name: PredicateSchemaName): unknown =>
  valid.find(({ kind }) => kind === name)!.statement.predicate;

describe('a recorded predicate', () => {
  test('is there for each schema, and there are no others', () => {
    for (const kind of ['valid', 'must-fail']) {
      const files = readdirSync(new URL(`vectors/${kind}/predicates/`, spec)).sort();
      expect(files).toEqual([...names].sort().map((name) => `${name}.json`));
    }
    expect(Object.keys(predicateSchemas).sort()).toEqual(names.map(kindOf).sort());
  });

  test.each(valid)('of a $kind is in a statement, and keeps to its schema', ({ kind, statement }) => {
    const payload = new TextEncoder().encode(JSON.stringify(statement));
    expect(parseStatement(statementPayloadType, payload)).toEqual(statement);
    expect(statement.predicateType).toBe(predicateTypes[kindOf(kind)]);
    expect(predicateSchemas[kindOf(kind)].parse(statement.predicate)).toEqual(statement.predicate);
  });
});

test.each(mustFail)('a $name with $description is refused', ({ name, patch }) => {
  expect(predicateSchemas[kindOf(name)].safeParse(patched(predicateOf(name), patch)).success).toBe(false);
});

describe('JSON Schema', () => {
  const schemas = predicateJsonSchemas();

  test.each(names)('of a %s says what it is, and is closed under itself', (name) => {
    const schema = schemas[name];
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `https://holdfast.dev/predicates/${name}.schema.json`,
      title: `Predicate of ${predicateTypes[kindOf(name)]}`,
      type: 'object',
    });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  test('is published elsewhere when asked', () => {
    expect(predicateJsonSchemas('https://example.com/')['key-event']['$id']).toBe(
      'https://example.com/key-event.schema.json',
    );
  });

  // Read back by zod, as somebody else's validator would read it.
  const readers = Object.fromEntries(
    names.map((name) => [name, z.fromJSONSchema(schemas[name] as Parameters<typeof z.fromJSONSchema>[0])]),
  );

  test.each(valid)('of a $kind takes the recorded one', ({ kind, statement }) => {
    expect(readers[kind]!.safeParse(statement.predicate).success).toBe(true);
  });

  test.each(mustFail)('of a $name refuses one with $description', ({ name, patch }) => {
    expect(readers[name]!.safeParse(patched(predicateOf(name), patch)).success).toBe(false);
  });
});

describe('spec', () => {
  test.each(['run', 'check', 'dataset-profile', 'suspect-rows', 'key-event', 'decision', 'access'] as const)(
    '%s.md shows the recorded statement, and says every field',
    (name) => {
      const page = readFileSync(new URL(`${name}.md`, spec), 'utf8');
      const { statement } = valid.find(({ kind }) => kind === name)!;
      const example = /```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? '';
      expect(JSON.parse(example)).toEqual(statement);
      const fields = new Set<string>();
      const collect = (schema: unknown): void => {
        if (typeof schema !== 'object' || schema === null) return;
        for (const field of Object.keys((schema as { properties?: object }).properties ?? {})) fields.add(field);
        for (const inner of Object.values(schema)) collect(inner);
      };
      collect(predicateJsonSchemas()[name]);
      const prose = page.replace(example, '');
      expect([...fields].filter((field) => !new RegExp(`\`[^\`]*\\b${field}\\b[^\`]*\``).test(prose))).toEqual([]);
    },
  );
});

describe('the predicate of a report', () => {
  const report: Report = {
    verdict: 'pass',
    origin: 'measured',
    metrics: { rows: 10 },
    findings: [],
    coverage: { examined: 2, total: 2, left: [] },
  };
  const timing = { startedOn: '2026-11-02T10:00:00Z', finishedOn: '2026-11-02T10:00:01Z' };
  const check = { name: 'data.pii', version: '1' };
  const predicate = (change: Partial<Report>, options = {}) =>
    checkPredicate(check, options, { ...report, ...change }, timing);

  test('is that report', () => {
    const { origin, metrics, findings, coverage } = report;
    const expected = {
      check: { ...check, options: { a: 1 } },
      verdict: 'pass',
      origin,
      metrics,
      findings,
      coverage,
      ...timing,
    };
    expect(predicate({}, { a: 1 })).toEqual(expected);
    const figures = [{ title: 'x', specification: { mark: 'bar' } }];
    expect(predicate({ figures }).figures).toEqual(figures);
  });

  test.each<[string, Partial<Report>, string[]]>([
    ['something was left', { coverage: { examined: 2, total: 2, left: ['too large'] } }, ['too large']],
    ['less was examined than there is', { coverage: { examined: 1, total: 2, left: [] } }, []],
    ['a metric is NaN', { metrics: { rows: 10, auc: Number.NaN } }, ['metric auc is not a finite number']],
    ['a metric is infinite', { metrics: { rows: 10, loss: Infinity } }, ['metric loss is not a finite number']],
  ])('is unknown, not pass, where %s', (_, change, left) => {
    const { verdict, coverage, metrics } = predicate(change);
    expect([verdict, coverage.left, metrics]).toEqual(['unknown', left, { rows: 10 }]);
    expect(predicate({ ...change, verdict: 'warn' }).verdict).toBe('unknown');
    expect(predicate({ ...change, verdict: 'fail' }).verdict).toBe('fail');
  });

  test.each<[string, Partial<Report>]>([
    ['an unknown verdict', { verdict: 'ok' as 'pass' }],
    ['a negative coverage', { coverage: { examined: -1, total: 0, left: [] } }],
    ['a finding without a message', { findings: [{ rule: 'x', severity: 'low' } as Report['findings'][number]] }],
  ])('with %s is the fault of the check', async (_, change) => {
    await expectCode(() => predicate(change), 'HF_REPORT_FORMAT');
  });
});

describe('the artifact of a model signature', () => {
  // SHA-256 over the raw digests one after the other: what OpenSSF Model Signing signs.
  const rootOf = (...digests: string[]): string =>
    Buffer.from(nodeCryptography.sha256(Buffer.from(digests.join(''), 'hex'))).toString('hex');
  const [a, b] = ['ab'.repeat(32), 'cd'.repeat(32)] as const;
  const resource = (name: string, digest: string) => ({ name, algorithm: 'sha256', digest });
  const serialization = { method: 'files', hash_type: 'sha256' };
  const signature = (resources: object[], root: string, change: object = {}) =>
    statementOf(predicateTypes.modelSignature, [{ name: 'model', digest: { sha256: root } }], {
      serialization,
      resources,
      ...change,
    });

  test('is the plain digest of a single file, and both digests of a folder', () => {
    expect(signedArtifact(signature([resource('.', a)], rootOf(a)))).toEqual({ sha256: a });
    const folder = signedArtifact(signature([resource('x', a), resource('y', b)], rootOf(a, b)));
    // Go's h1 directory hash (in-toto dirHash): SHA-256 over "<digest>  <name>\n" of every file.
    const h1 = Buffer.from(nodeCryptography.sha256(Buffer.from(`${a}  x\n${b}  y\n`))).toString('hex');
    expect(folder).toEqual({ sha256: rootOf(a, b), dirHash: h1 });
  });

  test.each<[string, Statement]>([
    ['of another predicate type', statementOf(predicateTypes.approval, [artifact], {})],
    ['whose subject is not its manifest’s', signature([resource('x', a)], rootOf(b))],
    ['with two subjects', { ...signature([resource('x', a)], rootOf(a)), subject: [artifact, artifact] }],
    ['without files', signature([], rootOf())],
    [
      'over shards',
      signature([resource('x', a)], rootOf(a), { serialization: { method: 'shards', hash_type: 'sha256' } }),
    ],
    ['with another algorithm', signature([{ ...resource('x', a), algorithm: 'blake2b' }], rootOf(a))],
    ['whose predicate is null', statementOf(predicateTypes.modelSignature, [artifact], null)],
  ])('%s is not known', (_, statement) => {
    expect(signedArtifact(statement)).toBeUndefined();
  });
});

test('evidence is taken as its own kind only', async () => {
  const ann = person('ann', ['approver']);
  const scene = await openScene([ann]);
  await scene.record(ann, valid.find(({ kind }) => kind === 'approval')!.statement);
  const [piece] = (await scene.view()).evidence;
  expect(evidenceAs('approval', piece!)?.statement.predicate.reason).toBe('reviewed the report');
  expect(evidenceAs('withdrawal', piece!)).toBeUndefined();
});
