import { readFileSync } from 'node:fs';
import { methodNames } from '@holdfast/data/mask/methods/methods';
import { openTable, writeTable } from '@holdfast/dataset';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { columnOf, MaskScene } from './operation-scene.ts';

let scene: MaskScene;
beforeAll(() => {
  scene = new MaskScene();
});
afterAll(() => {
  scene.remove();
});

const needed: Readonly<Record<string, object>> = {
  prefix: { characters: 3 },
  bins: { width: 10 },
  noise: { scale: 1 },
  hierarchy: { name: 'h' },
  'date-shift': { subject: 'who' },
};
const texts = [
  ...['\u202eevil canary', 'zero\u200bwidth\u200dcanary', '\ufeffcanary', 'nul-free canary', 'e\u0301canary'],
  ...['NaN', 'Infinity', '-inf', '1e999', '0x10', '１２３４５６７', '00000000canary', '-0', '9'.repeat(400)],
  ...['=cmd|canary', "'; DROP TABLE canary", '{"nested": "canary"}', 'a\nb canary', '"quoted" canary', '   canary   '],
  ...['2000-13-45', '0000-00-00', '99999-01-01', 'canary'.repeat(170_000)],
];
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe.each(methodNames.filter((name) => name !== 'keep' && name !== 'drop'))('hostile texts and %s', (method) => {
  test('come out changed, emptied and counted, or not at all', async () => {
    const path = scene.file(`cell,who\n${texts.map((text) => `${quoted(text)},w`).join('\n')}\n`);
    const given = { method, ...needed[method] };
    const { report, output } = await scene.done(path, {
      plan: { columns: { cell: given, who: 'keep' } },
      options: { separator: ',' },
      hierarchies: { h: { harmless: ['any'] } },
    });
    const { changed = 0, failed = 0, missing = 0, unchanged = 0 } = report.metrics;
    // the other column is kept
    expect(changed + failed + missing + unchanged).toBe(2 * texts.length);
    // noise may be 0, and a number what it was
    if (method === 'noise') expect(unchanged).toBeGreaterThanOrEqual(texts.length);
    else expect(unchanged).toBe(texts.length);
    const made = await columnOf(output, 'cell');
    expect(made).toHaveLength(texts.length);
    for (const [at, cell] of method === 'noise' ? [] : made.entries()) expect(cell).not.toBe(texts[at]);
    expect(readFileSync(output, 'utf8')).not.toContain('canary');
    expect(JSON.stringify(report)).not.toContain('canary');
  });
});

test('a word that may be kept is kept only as far as was said', async () => {
  const path = scene.file('cell\ncanary-one\ncanary-two\n');
  const { output } = await scene.done(path, { plan: { columns: { cell: { method: 'mask', keepFirst: 3 } } } });
  expect(await columnOf(output, 'cell')).toEqual(['can*******', 'can*******']);
});

describe('numbers', () => {
  test('that are infinite or NaN are emptied and counted', async () => {
    const path = scene.file('x,y\n1.5,1\ninf,2\n-inf,3\nnan,4\n1e308,5\n');
    const asked = { x: { method: 'noise', scale: 1 }, y: { method: 'bins', width: 2 } };
    const { report, output } = await scene.done(path, { plan: { columns: asked } });
    const lineage = report.statements![0]!.predicate as { columns: { cells: unknown }[] };
    expect(lineage.columns[0]!.cells).toMatchObject({ missing: 1, failed: { 'not-a-number': 2 } });
    const made = await columnOf(output, 'x');
    expect(made.map((cell) => cell === null)).toEqual([false, true, true, true, false]);
    expect(await columnOf(output, 'y')).toEqual(['[0, 2[', '[2, 4[', '[2, 4[', '[4, 6[', '[4, 6[']);
  });
});

describe('rows', () => {
  test('of which there are none are unknown, and the file has its names', async () => {
    const { report, output } = await scene.done(scene.file('a,b\n'), { plan: { columns: { a: 'hash', b: 'redact' } } });
    expect(report).toMatchObject({ verdict: 'unknown', coverage: { left: ['the table has no rows'] } });
    expect(readFileSync(output, 'utf8')).toBe('a,b\n');
  });

  test('of which there is one are masked', async () => {
    const { report } = await scene.done(scene.file('a,b\n1,2\n'), { plan: { columns: { a: 'hash', b: 'redact' } } });
    expect(report).toMatchObject({ verdict: 'pass', metrics: { rows: 1, changed: 2 } });
  });

  test('that cannot be read are not in the output, and the verdict is unknown', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\nx,1\n'),
      Buffer.from([0xff, 0xfe, 0x2c, 0x32, 0x0a]),
      Buffer.from('y,3\nz,4,5\n'),
    ]);
    const { report, output } = await scene.done(scene.file(bytes), { plan: { columns: { a: 'hash', b: 'keep' } } });
    expect(report.verdict).toBe('unknown');
    expect(report.coverage.examined).toBe((await columnOf(output, 'b')).length);
    expect(report.coverage.left.length).toBeGreaterThan(0);
  });
});

describe('columns that are no text', () => {
  const values: Readonly<Record<string, string>> = {
    ...{ BLOB: 'deadbeef', BOOLEAN: 'true', TIME: '12:00:00', JSON: '{"a":"canary"}', 'INTEGER[]': '[1, 2]' },
  };

  async function parquet(type: string): Promise<string> {
    const table = await openTable(scene.file('n\n1\n2\n'), { threads: 1 });
    const path = scene.path('parquet');
    const map = ([own = []]: readonly (readonly unknown[])[]): string[] => own.map(() => values[type] ?? '');
    await writeTable([table], path, () => [{ name: 'c', type, from: ["'0'"], map }]);
    await table.close();
    return path;
  }

  test.each(Object.keys(values))(
    'of %s are hashed, encrypted, redacted or kept; what has no meaning for them is refused',
    async (type) => {
      const path = await parquet(type);
      for (const method of ['hash', 'encrypt', 'redact', 'keep']) {
        const { report } = await scene.done(path, { plan: { columns: { c: method } }, output: scene.path('parquet') });
        expect(report).toMatchObject({ verdict: 'pass', metrics: { rows: 2 } });
      }
      const refused = scene.done(path, { plan: { columns: { c: 'zip3' } } });
      await expect(refused).rejects.toMatchObject({ code: 'HF_DATA_MASK_PLAN' });
    },
  );
});
