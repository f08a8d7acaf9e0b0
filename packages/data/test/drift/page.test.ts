import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driftPage } from '@holdfast/data';
import { driftCheck } from '@holdfast/data/drift/check';
import type { Report } from '@holdfast/evidence/check';
import { type CheckPredicate, checkPredicate } from '@holdfast/evidence/predicates/check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv, type Written } from '../anomaly/anomaly-scene.ts';
import { elementsOf, hostile } from '../profile/hostile-page.ts';
import { type Held, heldAgainst } from './drift-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-page-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const timing = { startedOn: '2026-01-01T00:00:00Z', finishedOn: '2026-01-01T00:00:01Z' };
const inputs = { reference: { name: '<b>old</b>', digest: { sha256: 'a'.repeat(64) } } };
/** As it is signed: through JSON. */
const signed = (report: Report, options = {}): CheckPredicate =>
  JSON.parse(JSON.stringify(checkPredicate(driftCheck, options, report, timing, inputs))) as CheckPredicate;

const pageOf = (report: Report, name = 'new.csv'): string => driftPage(signed(report), { name }) ?? '';

/** The same names twice, every column with other values: numbers move, categories are others, days are later. */
async function moved(names: readonly string[], held: Held = {}): Promise<Report> {
  const lines = (shift: number): Written[][] => [
    [...names],
    ...Array.from({ length: 60 }, (_, row) =>
      names.map((_name, at) => {
        if (at % 3 === 0) return row + 40 * shift;
        if (at % 3 === 1) return `${hostile[(row % 3) + shift] ?? ''}secret${row % 3}`;
        return `2026-0${1 + shift}-${10 + (row % 15)}`;
      }),
    ),
  ];
  return heldAgainst(csv(folder, 'new.csv', lines(1)), csv(folder, 'old.csv', lines(0)), held);
}

describe('a page of drift', () => {
  test('is text where data are text, whatever they are', async () => {
    const report = await moved(hostile);
    const page = driftPage(signed(report, { reference: 'x', missing: [hostile[0]] }), {
      ...{ name: hostile[0] ?? '', digest: { [hostile[1] ?? '']: hostile[0] ?? '' } },
    });
    const { names, attributes } = elementsOf(page ?? '');
    for (const name of ['script', 'img', 'iframe', 'object', 'base', 'form', 'link']) expect(names).not.toContain(name);
    expect([...attributes].filter((attribute) => attribute.startsWith('on'))).toEqual([]);
    for (const raw of hostile.slice(0, 4)) expect(page).not.toContain(raw);
    expect(page).toContain('&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;old&lt;/b&gt;');
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u0007]/u);
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
    expect(page?.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/url\(|@import|https?:/);
    expect(page).toContain("default-src 'none'");
  });

  test('has the verdict, a line for each column, and a picture for each that drifted, with days as days', async () => {
    const page = pageOf(await moved(['x', 'k', 'day']));
    expect(page).toContain('<strong>fail</strong>');
    expect(page.match(/<tr class="drifted">/g)).toHaveLength(3);
    for (const at of [0, 1, 2]) expect(page).toContain(`<figure id="d${at}">`);
    expect(page.match(/<svg [^>]*class="drift"/g)).toHaveLength(3);
    // 60 values from 0 to 59 and from 40 to 99: 40 of 60 lie below all of the other table.
    expect(page).toContain('Kolmogorov–Smirnov <small>0.667</small>');
    expect(page).toContain('>2026-01-10<');
    expect(page).toContain('secret1');
  });

  test('shows no value of what is confidential, whichever of the two tables it is', async () => {
    for (const held of [{ classification: 'confidential' }, { referenceClassification: 'restricted' }] as const) {
      const report = await moved(['x', 'k', 'day'], held);
      const page = pageOf(report);
      expect(page.match(/<svg [^>]*class="drift"/g)).toHaveLength(3);
      expect(page).toContain('Values of rows are left out');
      expect(page).not.toMatch(/secret|2026-|onerror|onload/);
      expect(JSON.stringify(report)).not.toMatch(/secret|2026-/);
      expect(page).toContain('bin 3: ');
      expect(page).toContain('>value 1<');
    }
  });

  test('of what could not be compared says so, and there is none where nothing was found out', async () => {
    const report = await heldAgainst(csv(folder, 'none.csv', [['a']]), csv(folder, 'some.csv', [['a'], [1]]));
    const page = pageOf(report);
    expect(page).toContain('<strong>unknown</strong>');
    expect(page).toContain('the table has no row');
    elementsOf(page);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(driftPage({ ...signed(report), figures: [] }, { name: 'x' })).toBeUndefined();
  });

  test('of a hundred drifted columns has the pictures that a report holds, and says how many there are not', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `c${at}`);
    const page = pageOf(await moved(names));
    expect(page.match(/<tr class="drifted">/g)).toHaveLength(100);
    expect(page.match(/<figure /g)).toHaveLength(31);
    expect(page).toContain('Of 69 more columns there is no picture');
    elementsOf(page);
  });
});
