import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ledger = new URL('../../ledger/src/', import.meta.url);

/** The file that an import leads to, or the name of a package that somebody else wrote. */
function resolve(specifier: string, from: URL): URL | string {
  if (specifier.startsWith('.')) return new URL(specifier, from);
  const inLedger = /^@holdfast\/ledger\/(.+)$/.exec(specifier)?.[1];
  return inLedger === undefined ? specifier : new URL(`${inLedger}.ts`, ledger);
}

/** Everything that is loaded with a file: types are gone, as at run time. */
function graph(entry: URL): { files: Map<string, string>; packages: Set<string> } {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file.href)) continue;
    const source = stripTypeScriptTypes(readFileSync(file, 'utf8')).replaceAll(/\/\*[\s\S]*?\*\//g, '');
    files.set(file.href, source);
    const imports = /^(?:import|export)\b[^'";]*\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;
    for (const [, from, bare, dynamic] of source.matchAll(imports)) {
      const specifier = from ?? bare ?? dynamic;
      const target = resolve(specifier!, file);
      if (typeof target === 'string') packages.add(target);
      else open.push(target);
    }
  }
  return { files, packages };
}

const names = (hrefs: Iterable<string>): string[] =>
  [...hrefs].map((href) => fileURLToPath(href).replace(/.*\/packages\//, ''));

test.each(['verify/evidence.ts', 'verify/trust-view.ts'])('%s loads nothing of Node', (entry) => {
  const { files, packages } = graph(new URL(`../src/${entry}`, import.meta.url));
  expect([...packages].filter((name) => name !== 'canonicalize' && name !== 'zod')).toEqual([]);
  const nodeOnly = [...files].filter(([, source]) =>
    /\bBuffer\b|\bprocess\.|\brequire\(|\b__dirname\b/.test(source.replaceAll(/\/\/.*/g, '')),
  );
  expect(names(nodeOnly.map(([href]) => href))).toEqual([]);
});

test('the walk sees what is there', () => {
  const verifier = graph(new URL('../src/verify/evidence.ts', import.meta.url));
  expect(names(verifier.files.keys())).toEqual(
    expect.arrayContaining([
      'evidence/src/verify/leaf.ts',
      'evidence/src/canonical-json.ts',
      'ledger/src/verify/merkle.ts',
    ]),
  );
  expect(verifier.packages).toContain('canonicalize');
  const record = graph(new URL('../src/record.ts', import.meta.url));
  expect([...record.packages]).toEqual(expect.arrayContaining(['node:crypto', '@holdfast/ledger']));
});
