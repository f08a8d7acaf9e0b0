import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coveragePage } from '@holdfast/data/coverage/page/coverage-page';
import type { CoverageReport } from '@holdfast/data/coverage/page/coverage-report';
import { checkPredicate } from '@holdfast/evidence/predicates/check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv, type Written } from '../anomaly/anomaly-scene.ts';
import { coverageOfFile, type Looked } from './coverage-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The report as it is signed, and the page of it. */
async function pageOf(path: string, options: Record<string, unknown>, looked: Looked = {}): Promise<string> {
  const check = { name: 'data.coverage', version: '0.1.0' };
  const now = { startedOn: '2026-01-01T00:00:00Z', finishedOn: '2026-01-01T00:00:01Z' };
  const report: CoverageReport = checkPredicate(check, options, await coverageOfFile(path, options, looked), now);
  return coveragePage(report, {
    name: 'the table',
    ...(looked.classification && { classification: looked.classification }),
  });
}

/** Names of elements and attributes; fails where a tag is not closed, or text is left that could be a tag. */
function elementsOf(page: string): Set<string> {
  const names = new Set<string>();
  const open: string[] = [];
  const tag = /<(\/)?([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*(\/)?>/gi;
  for (const [, closing, name = '', inside = '', self] of page.matchAll(tag)) {
    if (closing !== undefined) expect(open.pop()).toBe(name);
    else {
      names.add(name);
      for (const [, attribute = ''] of inside.matchAll(/([a-z-]+)(?:="[^"]*")?/gi)) names.add(`@${attribute}`);
      if (self === undefined && name !== 'meta') open.push(name);
    }
  }
  expect(open).toEqual([]);
  expect(page.replace('<!doctype html>', '').replaceAll(tag, '')).not.toMatch(/</);
  return names;
}

const people = (): string => {
  const rows = (count: number, ...row: Written[]): Written[][] => Array.from({ length: count }, () => row);
  return csv(folder, 'people.csv', [
    ['sex', 'kind', 'age'],
    ...[...rows(12, 'f', 'a', 20), ...rows(3, 'f', 'b', 30), ...rows(40, 'm', 'a', 70), ...rows(1, null, 'c', 95)],
  ]);
};

describe('a page', () => {
  test('has a bar of each slice against its minimum, a map of two columns and a gap of each range', async () => {
    const page = await pageOf(people(), {
      slices: [
        { name: 'women', where: [{ column: 'sex', is: '=', value: 'f' }], min: 20 },
        { columns: ['sex', 'kind'], min: 4 },
      ],
      ranges: { age: [0, 25, 50, 60, null] },
      min: 10,
    });
    elementsOf(page);
    // 15 of 20 rows is a quarter of a track that is three minima long, and short
    expect(page).toMatch(
      /<li class="track short"><span class="what"><bdi>women<\/bdi><\/span><span class="way"><b style="width:25\.0%"><\/b><i style="left:33\.3%"><\/i>/,
    );
    expect(page).toContain('<strong>15</strong> <small>of 20</small>');
    for (const [title, kind] of [
      ['a, f: 12', 'enough'],
      ['b, f: 3', 'few'],
      ['a, m: 40', 'enough'],
      ['b, m: 0', 'few none'],
      ['c, m: 0', 'few none'],
    ] as const)
      expect(page).toContain(`<g class="${kind}"><title>${title}</title>`);
    const gaps = [...page.matchAll(/<g class="few"><title>([^<]*)<\/title><rect class="gap"/g)].map(
      ([, title]) => title,
    );
    expect(gaps).toEqual(['25 to 50: 3', '50 to 60: 0']);
    expect(page).toContain('<title>from 60 on: 41</title>');
    expect(page).toContain('2 of 4 have fewer than 10 rows');
  });

  test('says how much of the reference there is, and how far away it lies', async () => {
    const reference = csv(folder, 'training.csv', [
      ['sex', 'kind', 'age'],
      ...Array.from({ length: 40 }, (_, at) => ['f', at < 10 ? 'a' : 'z', at]),
    ]);
    const page = await pageOf(people(), {}, { reference });
    const names = elementsOf(page);
    expect(names).toContain('path');
    expect(page).toContain(
      '<bdi>kind</bdi></span><span class="way"><b style="width:25.0%"></b><i style="left:90.0%"></i>',
    );
    expect(page).toContain('1 of 2 without a row: z');
    expect(page).toMatch(/Covered whole: sex\./);
    expect(page).toContain('id="distances"');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('is text where data are text, and has nothing from elsewhere', async () => {
    const hostile = [
      '</style><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='x",
      '`${7*7}`\u202E',
    ];
    const path = csv(folder, 'hostile.csv', [
      hostile,
      ...Array.from({ length: 40 }, (_, row) => hostile.map((__, at) => hostile[(row + at) % 4])),
    ]);
    const slices = [
      { columns: hostile.slice(0, 2) },
      { columns: hostile.slice(2, 3) },
      { columns: hostile.slice(0, 1) },
    ];
    const page = await pageOf(path, { slices, min: 12 }, { reference: path });
    const names = elementsOf(page);
    for (const name of ['script', 'img', 'iframe', 'link', 'base', 'form', '@src', '@href'])
      expect(names).not.toContain(name);
    expect([...names].filter((name) => name.startsWith('@on'))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|\u202E/u);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('&lt;/style&gt;&lt;script&gt;');
  });

  test('hides values of what is confidential, and says so', async () => {
    const path = csv(folder, 'secret.csv', [
      ['name', 'group'],
      ...Array.from({ length: 30 }, (_, row) => [row < 28 ? 'zoltan' : 'ingeborg', 'members']),
    ]);
    const slices = [{ columns: ['name', 'group'] }, { columns: ['name'] }];
    const page = await pageOf(path, { slices }, { classification: 'restricted', reference: path });
    expect(page).not.toMatch(/zoltan|ingeborg|members/);
    expect(page).toContain('not for everybody');
    expect(page).toContain('value 2, value 1: 28');
  });

  test('of what could not be found out says that', async () => {
    const page = await pageOf(csv(folder, 'empty.csv', [['a', 'b']]), { slices: [{ columns: ['a'], min: 0 }] });
    elementsOf(page);
    expect(page).toContain('<span class="verdict unknown">');
    expect(page).toContain('the table has no row');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});
