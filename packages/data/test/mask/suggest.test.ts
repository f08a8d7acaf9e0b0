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

async function suggested(places: readonly (readonly [string, string])[]): Promise<{ report: Report; text: string }> {
  const operation = await suggestPlanOperation.load();
  const output = scene.path('yaml');
  const inputs = { personalData: await readerOf(scene.file(said(places), 'json')) };
  const report = await operation.run(
    await readerOf(scene.file(people)),
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
