import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTable, writeTable } from '@holdfast/dataset';
import { columnLineageSchema } from '@holdfast/evidence/predicates/column-lineage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnOf, MaskScene, typesOf } from './operation-scene.ts';

let scene: MaskScene;
beforeAll(() => {
  scene = new MaskScene();
});
afterAll(() => {
  scene.remove();
});

const people = `id,name,card,born,admitted,discharged,age,note
P1,Ada Example,4000001234567899,1961-04-03,2025-02-01,2025-02-09,64,"prefers, mornings"
P2,Ben Sample,4000009876543210,1932-11-30,2025-03-11,2025-03-12,93,
P1,Ada Example,4000001234567899,1961-04-03,2025-04-01,2025-04-05,64,"line
break"
`;
const plan = {
  columns: {
    ...{ id: 'keep', name: 'redact', card: 'token' },
    born: { method: 'period' },
    admitted: { method: 'date-shift', subject: 'id' },
    discharged: { method: 'date-shift', subject: 'id' },
    age: { method: 'bins', width: 10, above: 90 },
    note: { method: 'encrypt', row: ['id'] },
  },
};

/** A file of the same table in another format. */
async function converted(path: string, ending: string): Promise<string> {
  const table = await openTable(path, { threads: 1 });
  const made = scene.path(ending);
  await writeTable([table], made);
  await table.close();
  return made;
}

const days = (one: string, other: string): number => (Date.parse(other) - Date.parse(one)) / 86_400_000;

describe.each(['csv', 'tsv', 'parquet', 'jsonl'])('a table in %s', (ending) => {
  test('becomes what its plan says, and comes back where it can', async () => {
    const path = await converted(scene.file(people), ending);
    const { report, output } = await scene.done(path, { plan, output: scene.path(ending) });
    expect(report).toMatchObject({ verdict: 'pass', coverage: { examined: 3, total: 3, left: [] } });
    expect(await columnOf(output, 'id')).toEqual(['P1', 'P2', 'P1']);
    expect((await columnOf(output, 'name')).every((cell) => cell === null)).toBe(true);
    expect((await columnOf(output, 'born')).map(String)).toEqual(['1961', '1932', '1961']);
    expect(await columnOf(output, 'age')).toEqual(['[60, 70[', '>= 90', '[60, 70[']);
    const [cards, from, to] = await Promise.all(
      ['card', 'admitted', 'discharged'].map(async (name) => columnOf(output, name)),
    );
    expect(cards![0]).toBe(cards![2]);
    expect(String(cards![0])).toMatch(/^\d{16}$/);
    expect(from!.map((cell, row) => days(String(cell), String(to![row])))).toEqual([8, 1, 4]);
    expect(days(String(from![0]), String(from![2]))).toBe(59);
    expect(await typesOf(output)).toMatchObject({ admitted: 'date', discharged: 'date', age: 'text' });
    const keyId = /id ([0-9a-f]{16})/.exec(report.findings.at(-1)!.message)![1];
    const back = await scene.done(output, { plan: { keyId, ...plan }, way: 'unmask', output: scene.path('csv') });
    expect((await columnOf(back.output, 'card')).map(String)).toEqual((await columnOf(path, 'card')).map(String));
    expect(await columnOf(back.output, 'note')).toEqual(['prefers, mornings', null, 'line\nbreak']);
    expect(await columnOf(back.output, 'age')).toEqual(['[60, 70[', '>= 90', '[60, 70[']);
  });
});

describe('the lineage', () => {
  test('says for every column what it was made of, and how many cells went which way', async () => {
    const path = scene.file('a,b,c,d\n1,x,2000-01-01,q\n2,y,never,q\n,y,2000-03-01,q\n');
    const asked = { a: { method: 'noise', scale: 1, seed: 'tell nobody' }, b: 'hash', d: 'drop' };
    const c = { method: 'date-shift', subject: 'b' };
    const { report, output } = await scene.done(path, {
      plan: { columns: { ...asked, c } },
      lineage: scene.path('json'),
    });
    const [statement] = report.statements ?? [];
    expect(statement).toMatchObject({ predicateType: 'https://holdfast.dev/column-lineage/v1', output: 'output' });
    const lineage = columnLineageSchema.parse(statement!.predicate);
    expect(lineage).toMatchObject({ operation: { name: 'data.mask' }, rows: 3, dropped: ['d'] });
    expect(lineage.columns.map(({ name, from, method }) => [name, from, method])).toEqual([
      ['a', ['a'], 'noise'],
      ['b', ['b'], 'hash'],
      ['c', ['c', 'b'], 'date-shift'],
    ]);
    const cells = Object.fromEntries(lineage.columns.map(({ name, cells: counted }) => [name, counted]));
    expect(cells['b']).toEqual({ changed: 3, unchanged: 0, missing: 0, failed: {} });
    expect(cells['c']).toEqual({ changed: 2, unchanged: 0, missing: 0, failed: { 'not-a-date': 1 } });
    expect(cells['a']).toMatchObject({ missing: 1, failed: {} });
    expect(await columnOf(output, 'c')).toMatchObject([expect.any(String), null, expect.any(String)]);
    expect(report.verdict).toBe('warn');
    expect(report.findings.map(({ rule, where }) => [rule, where])).toEqual([
      ['data.mask.seeded-noise', 'a'],
      ['data.mask.failed-cells', 'c'],
      ['data.mask.key', undefined],
    ]);
    expect(JSON.stringify(report)).not.toMatch(/never|tell nobody|0001020304/);
  });

  test('as an event of OpenLineage names the columns, and says that they were masked', async () => {
    const lineage = scene.path('json');
    const path = scene.file(people);
    await scene.done(path, { plan, lineage });
    const event = JSON.parse(readFileSync(lineage, 'utf8')) as {
      outputs: { facets: { columnLineage: { fields: Record<string, unknown>; _schemaURL: string } } }[];
    };
    expect(event).toMatchObject({ eventType: 'COMPLETE', job: { name: 'data.mask' }, inputs: [{ namespace: 'file' }] });
    const { fields, _schemaURL } = event.outputs[0]!.facets.columnLineage;
    expect(_schemaURL).toBe(
      'https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet',
    );
    expect(Object.keys(fields)).toEqual(['id', 'name', 'card', 'born', 'admitted', 'discharged', 'age', 'note']);
    expect(fields['id']).toMatchObject({
      inputFields: [{ field: 'id', transformations: [{ subtype: 'IDENTITY', masking: false }] }],
    });
    expect(fields['admitted']).toMatchObject({
      inputFields: [
        { field: 'admitted', transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', masking: true }] },
        { field: 'id' },
      ],
    });
    for (const shown of ['Ada', 'Ben', '4000001234567899', '1961', 'mornings']) {
      expect(readFileSync(lineage, 'utf8')).not.toContain(shown);
    }
  });
});

describe('is refused, and nothing is written', () => {
  const code = async (path: string, asked: Parameters<MaskScene['done']>[1]): Promise<string> => {
    const output = scene.path('csv');
    const failure = await scene.done(path, { output, ...asked }).then(
      () => 'no error',
      (error: unknown) => error as { code: string; message: string },
    );
    expect(existsSync(output)).toBe(false);
    expect(readdirSync(scene.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    if (typeof failure === 'string') return failure;
    expect(failure.message).not.toMatch(/Ada|Ben|never|0001020304/);
    return failure.code;
  };

  test('a plan that does not fit the table', async () => {
    const path = scene.file(people);
    const { name, ...others } = plan.columns;
    expect(name).toBe('redact');
    expect(await code(path, { plan: { columns: others } })).toBe('HF_DATA_MASK_PLAN');
    expect(await code(path, { plan: { columns: { ...plan.columns, more: 'redact' } } })).toBe('HF_DATA_MASK_PLAN');
    expect(await code(path, { plan: { others: 'drop', columns: { name: 'drop' } } })).toBe('HF_DATA_MASK_PLAN');
    expect(await code(path, { plan: { others: 'drop', columns: { born: 'token' } } })).toBe('HF_DATA_MASK_PLAN');
    const shift = { method: 'date-shift', subject: 'who' };
    expect(await code(path, { plan: { others: 'drop', columns: { born: shift } } })).toBe('HF_DATA_MASK_PLAN');
    const bound = { method: 'encrypt', row: ['id'] };
    expect(await code(path, { plan: { others: 'drop', columns: { note: bound, id: 'hash' } } })).toBe(
      'HF_DATA_MASK_PLAN',
    );
    const named = { method: 'hierarchy', name: 'job' };
    expect(await code(path, { plan: { others: 'drop', columns: { name: named } } })).toBe('HF_DATA_MASK_PLAN');
  });

  test('what needs a key without one, and another key than the plan names', async () => {
    const path = scene.file(people);
    expect(await code(path, { plan, hasKey: false })).toBe('HF_DATA_MASK_KEY');
    expect(await code(path, { plan: { keyId: '0123456789abcdef', ...plan } })).toBe('HF_DATA_MASK_KEY');
    const keyId = '0123456789abcdef';
    expect(await code(path, { plan: { keyId, others: 'drop', columns: { id: 'keep' } }, hasKey: false })).toBe(
      'HF_DATA_MASK_KEY',
    );
    expect(await code(path, { plan, way: 'unmask' })).toBe('HF_DATA_MASK_PLAN');
  });

  test('a cell that cannot be transformed, where the plan says so', async () => {
    const path = scene.file('a,b\n2000-01-01,x\nnever,y\n');
    const asked = { a: { method: 'period', onFailure: 'fail' }, b: 'keep' };
    await expect(scene.done(path, { plan: { columns: asked } })).rejects.toMatchObject({
      ...{ code: 'HF_DATA_MASK_CELL', message: 'row 2 of `a` is no date of the format for `period`', exit: 1 },
    });
    expect(await code(path, { plan: { columns: asked } })).toBe('HF_DATA_MASK_CELL');
    expect(await code(path, { plan: { onFailure: 'fail', columns: { a: 'period', b: 'keep' } } })).toBe(
      'HF_DATA_MASK_CELL',
    );
  });

  test('cells that somebody changed, on the way back', async () => {
    const { report, output } = await scene.done(scene.file(people), { plan });
    const keyId = /id ([0-9a-f]{16})/.exec(report.findings.at(-1)!.message)![1];
    const moved = scene.file(readFileSync(output, 'utf8').replaceAll('\nP1,', '\nP9,'));
    expect(await code(moved, { plan: { keyId, ...plan }, way: 'unmask' })).toBe('HF_DATA_MASK_CELL');
    expect(await code(scene.file(people), { plan: { keyId, ...plan }, way: 'unmask' })).toBe('HF_DATA_MASK_CELL');
    const nothing = { keyId, others: 'keep', columns: { id: 'keep' } };
    expect(await code(output, { plan: nothing, way: 'unmask' })).toBe('HF_DATA_MASK_PLAN');
  });

  test('a first line that looks like data, whose values would become names', async () => {
    const path = scene.file('17,1990-01-01,3.5\n18,1991-01-01,4.5\n19,1992-01-01,5.5\n');
    expect(await code(path, { plan: { others: 'redact', columns: { 17: 'redact' } } })).toBe('HF_DATA_MASK_PLAN');
    const { report } = await scene.done(path, {
      plan: { columns: { a: 'redact', b: 'redact', c: 'redact' } },
      options: { names: ['a', 'b', 'c'] },
    });
    expect(report.metrics).toMatchObject({ rows: 3, changed: 9 });
  });

  test('a place that is taken, an ending that means nothing, and work that was stopped', async () => {
    const path = scene.file(people);
    await expect(scene.done(path, { plan, output: path })).rejects.toMatchObject({ code: 'HF_DATASET_EXISTS' });
    await expect(scene.done(path, { plan, output: scene.path('xlsx') })).rejects.toMatchObject({
      code: 'HF_DATASET_OPTIONS',
    });
    await expect(scene.done(path, { plan, lineage: scene.path('csv') })).rejects.toMatchObject({
      code: 'HF_DATA_OPTIONS',
    });
    const output = scene.path('csv');
    await expect(scene.done(path, { plan, output, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(existsSync(output)).toBe(false);
    expect(existsSync(join(scene.folder, 'nothing'))).toBe(false);
  });
});
