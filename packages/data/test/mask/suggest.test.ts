import { readFileSync } from 'node:fs';
import { suggestPlanOperation } from '@holdfast/data/mask/operation';
import { parsePlan } from '@holdfast/data/mask/plan/parse-plan';
import { personalColumns } from '@holdfast/data/mask/suggest/personal-columns';
import type { Report } from '@holdfast/evidence/check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MaskScene, readerOf } from './operation-scene.ts';

let scene: MaskScene;
beforeAll(() => {
  scene = new MaskScene();
});
afterAll(() => {
  scene.remove();
});

const people = `id,name,email,card,born,age,postcode,address,score
17,Ada Example,ada@example.com,4000001234567899,1961-04-03,64,94110,"{""street"":""1 Road""}",0.5
18,Ben Sample,ben@example.com,4000009876543210,1971-04-03,54,94111,"{""street"":""2 Road""}",0.7
`;
const said = (places: readonly (readonly [string, string])[]): string =>
  JSON.stringify({
    result: {
      report: {
        check: { name: 'data.pii', version: '0.1.0' },
        findings: [
          ...places.map(([where, type]) => ({
            ...{ rule: 'data.pii.personal', severity: 'low', where },
            message: `\`${where}\`: some title (with words) (${type}) in 2 cells of 2 (100 %), confidence 0.9 by form`,
          })),
          { rule: 'data.pii.free-text', severity: 'info', message: 'names in free text are not looked for' },
        ],
      },
    },
  });

async function suggested(
  places: readonly (readonly [string, string])[],
  table = people,
): Promise<{ report: Report; text: string }> {
  const operation = await suggestPlanOperation.load();
  const output = scene.path('yaml');
  const inputs = { personalData: await readerOf(scene.file(said(places), 'json')) };
  const report = await operation.run(
    await readerOf(scene.file(table)),
    { output },
    { personalData: 'pii.json' },
    {
      ...{ inputs, basis: [], folder: scene.folder, isForced: false, progress: () => undefined },
      signal: new AbortController().signal,
    },
  );
  return { report, text: readFileSync(output, 'utf8') };
}

test('a plan names every column, with a method for what was found in it', async () => {
  const { report, text } = await suggested([
    ['id', 'person-number'],
    ['name', 'person-name'],
    ['email', 'email'],
    ['card', 'credit-card'],
    ['born', 'date-of-birth'],
    ['age', 'age'],
    ['postcode', 'postal-code'],
    ['address.street', 'street-address'],
  ]);
  const methods = [...parsePlan(text).columns].map(([name, { method }]) => [name, method]);
  expect(methods).toEqual([
    ...[
      ['id', 'hash'],
      ['name', 'redact'],
      ['email', 'hash'],
      ['card', 'token'],
      ['born', 'period'],
    ],
    ...[
      ['age', 'bins'],
      ['postcode', 'prefix'],
      ['address', 'redact'],
      ['score', 'keep'],
    ],
  ]);
  expect(report).toMatchObject({ verdict: 'pass', metrics: { columns: 9, masked_columns: 8, kept_columns: 1 } });
  expect(text).not.toMatch(/Ada|Ben|4000/);
  const masked = await scene.done(scene.file(people), { plan: text });
  expect(masked.report).toMatchObject({ verdict: 'pass', metrics: { failed: 0 } });
  expect(readFileSync(masked.output, 'utf8')).not.toMatch(/Ada|Ben|ada@|Road|94110|1961-04/);
});

test('several kinds in one column, kinds that are not known, and kinds that do not fit a type are redacted', async () => {
  const { text } = await suggested([
    ['email', 'email'],
    ['email', 'phone'],
    ['name + email', 'address'],
    ['score', 'credit-card'],
    ['id', 'constructor'],
  ]);
  const { columns } = parsePlan(text);
  expect(['email', 'name', 'score', 'id'].map((name) => columns.get(name)?.method)).toEqual(
    new Array(4).fill('redact'),
  );
});

test('places of another table are told', async () => {
  const { report } = await suggested([['salary', 'income']]);
  expect(report).toMatchObject({ verdict: 'warn', findings: [{ rule: 'data.mask.unplaced' }] });
});

/** Numbers of people that nothing says are such, moments, cards in four cells, an address within a nested value. */
const visits = (): string => {
  const rows = Array.from({ length: 40 }, (_, at) => {
    const two = String(at + 10);
    return `K${9000 - 7 * at},2025-01-01 10:${two}:07,2025-03-0${1 + (at % 3)},49${two},11${two},"{""ip"": ""198.51.100.${two}""}",${at % 4},white,x${at % 2}`;
  });
  return `member,arrest,offense,c1,c2,details,visits,race,kind of visit\n${rows.join('\n')}\n`;
};

test('what tells rows apart is hashed, though nothing was found in it; parts of a number and nested values are redacted', async () => {
  const { report, text } = await suggested(
    [
      ['c1 + c2', 'credit-card'],
      ['details, nested values', 'ipv4'],
      ['arrest', 'criminal-record'],
      ['offense', 'criminal-record'],
      ['race', 'race-or-ethnicity'],
      ['kind of visit', 'health'],
    ],
    visits(),
  );
  const methods = Object.fromEntries([...parsePlan(text).columns].map(([name, { method }]) => [name, method]));
  expect(methods).toEqual({
    ...{ member: 'hash', arrest: 'redact', offense: 'redact', c1: 'redact', c2: 'redact', details: 'redact' },
    ...{ visits: 'keep', race: 'redact', 'kind of visit': 'redact' },
  });
  expect(report).toMatchObject({
    verdict: 'pass',
    metrics: { masked_columns: 8, kept_columns: 1 },
    findings: [{ rule: 'data.mask.tells-apart', where: 'member' }],
  });
});

test('a plan says what roles the columns have for those who anonymise, and what is not in it is left out there', async () => {
  const { text } = await suggested(
    [
      ['c1 + c2', 'credit-card'],
      ['details, names in nested values', 'person-name'],
      ['arrest', 'criminal-record'],
      ['offense', 'criminal-record'],
      ['race', 'race-or-ethnicity'],
      ['kind of visit', 'health'],
    ],
    visits(),
  );
  // the moment of an arrest is nearly a name; its day can be made coarser
  expect(text.split('\n').filter((line) => line.startsWith('#   --'))).toEqual([
    '#   --identifying member,arrest,c1,c2,details',
    '#   --quasi offense,race',
    '#   --sensitive "kind of visit"',
  ]);
});

test('a name of a column says nothing about what is in it', () => {
  const where = 'x`: title (email) in 3 cells of 3';
  const found = personalColumns(said([[where, 'phone']]));
  expect(found).toEqual(new Map([[where, ['phone']]]));
});

test.each(['', '{', '[]', '{"result":{}}', '{"result":{"report":{"check":{"name":"data.drift"},"findings":[]}}}'])(
  '`%s` is no report about personal data',
  (text) => {
    expect(() => personalColumns(text)).toThrow(expect.objectContaining({ code: 'HF_DATA_MASK_PLAN' }));
  },
);
