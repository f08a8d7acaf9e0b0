import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileOf, profilePage, writeProfilePage } from '@holdfast/data';
import { openTable } from '@holdfast/dataset';
import { describe, expect, test } from 'vitest';
import { elementsOf, hostile } from './hostile-page.ts';
import { profileOfText, published } from './scene.ts';

describe('a page', () => {
  test('is text where data are text, whatever they are', async () => {
    const quoted = hostile.map((each) => `"${each.replaceAll('"', '""')}"`);
    const lines = Array.from({ length: 30 }, (_, at) =>
      quoted.map((__, of) => quoted[(of + at) % quoted.length]).join(','),
    );
    const profile = await profileOfText([quoted.join(','), ...lines].join('\n'));
    expect(profile.columns.map(({ name }) => name)).toEqual(hostile);
    const page = profilePage(profile, {
      name: hostile[0] ?? '',
      description: hostile[1] ?? '',
      licence: hostile[3] ?? '',
      digest: { [hostile[1] ?? '']: hostile[0] ?? '' },
    });
    const { names, attributes } = elementsOf(page);
    for (const name of ['script', 'img', 'iframe', 'object', 'base', 'form', 'link']) expect(names).not.toContain(name);
    expect([...attributes].filter((attribute) => attribute.startsWith('on'))).toEqual([]);
    for (const raw of hostile.slice(0, 4)) expect(page).not.toContain(raw);
    expect(page).toContain('&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&amp;lt;b&amp;gt;');
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u0007]/u);
  });

  test('has nothing from elsewhere, and asks for nothing', async () => {
    const page = profilePage(await profileOfText('a,b\n1,x\n2,y\n'), { name: 'small' });
    expect(page).not.toMatch(/(?:src|href)="(?!#)/);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(page).toContain("default-src 'none'");
  });

  test('of fifteen columns of the census fits in 80 KB', async (context) => {
    const path = join(published, 'adult-train.csv');
    if (!existsSync(path)) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
      context.skip('needs adult-train.csv');
    }
    const names = Array.from({ length: 15 }, (_, at) => `column ${at}`);
    const table = await openTable(path, { format: 'csv', names, missing: ['?'], trim: true });
    const page = profilePage(await profileOf([table], { digest: false }), { name: 'census' });
    await table.close();
    expect(Buffer.byteLength(page)).toBeLessThan(80_000);
    elementsOf(page);
  });

  test('of nothing says so', async () => {
    for (const text of ['a\n', 'a,b\n,\n']) {
      const page = profilePage(await profileOfText(text), { name: '' });
      elementsOf(page);
      expect(page).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  test('is written to a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    const profile = await profileOfText('a\n1\n');
    await writeProfilePage(join(folder, 'page.html'), profile, { name: 'x' });
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toBe(profilePage(profile, { name: 'x' }));
    rmSync(folder, { recursive: true });
  });
});
