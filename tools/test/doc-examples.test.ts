import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { compileExamples, examplesOfMarkdown, examplesOfSource } from '../doc-examples.ts';
import { root } from '../repository.ts';

const page = (...lines: string[]) => examplesOfMarkdown({ path: 'page.md', text: lines.join('\n') });
const source = (...lines: string[]) => examplesOfSource({ path: 'source.ts', text: lines.join('\n') });

describe('examples in pages', () => {
  test('are the blocks of TypeScript, with their lines', () => {
    expect(page('# Title', '```ts', 'const a = 1;', '', 'a;', '```', 'text', '```typescript', 'b;', '```')).toEqual([
      { path: 'page.md', line: 3, code: 'const a = 1;\n\na;' },
      { path: 'page.md', line: 9, code: 'b;' },
    ]);
  });

  test('are not blocks that say `ignore`, nor other languages, nor fences inside those', () => {
    expect(page('```ts ignore', 'a', '```', '```json', '{}', '```', '```', '```ts', 'b', '```', 'no code')).toEqual([]);
  });

  test('may be indented in a list', () => {
    expect(page('- item', '  ```ts', '  if (a) {', '    b;', '  }', '  ```')).toEqual([
      { path: 'page.md', line: 3, code: 'if (a) {\n  b;\n}' },
    ]);
  });
});

describe('examples in docstrings', () => {
  test('are what stands behind @example up to the next tag', () => {
    const found = source(
      '/**',
      ' * Grows.',
      ' * @example',
      ' * grow(1);',
      ' * @returns more',
      ' * @example grow(2) // 3',
      ' */',
      'export function grow(by: number): number { return by + 1; }',
    );
    expect(found).toEqual([
      { path: 'source.ts', line: 4, code: 'grow(1);', inScope: ['grow'] },
      { path: 'source.ts', line: 6, code: 'grow(2) // 3', inScope: ['grow'] },
    ]);
  });

  test('are the fenced blocks where there are fences', () => {
    const found = source(
      '/** @example Like this:',
      ' * ```ts',
      " * import { grow } from '@holdfast/kelp';",
      ' * ```',
      ' */',
      'export const grow = 1;',
    );
    expect(found).toEqual([
      { path: 'source.ts', line: 3, code: "import { grow } from '@holdfast/kelp';", inScope: ['grow'] },
    ]);
  });

  test('are not in comments that are no docstrings', () => {
    expect(source('/* @example a */', '// @example b', "const text = '/** @example c */';")).toEqual([]);
  });
});

describe('compiling', () => {
  const folder = () => {
    const cache = join(root, 'node_modules', '.cache');
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, 'examples-test-'));
    onTestFinished(() => {
      rmSync(made, { recursive: true });
    });
    return made;
  };

  test('names file, line and problem', () => {
    const problems = compileExamples(
      [
        { path: 'docs/a.md', line: 10, code: "const n: number = 'text';" },
        { path: 'docs/b.md', line: 20, code: 'const m = 1;\nawait Promise.resolve(missing);' },
        {
          path: 'docs/c.md',
          line: 30,
          code: "import { readFileSync } from 'node:fs';\nreadFileSync('a', 'utf8').length;",
        },
        { path: 'docs/d.md', line: 40, code: "import { nothing } from '@holdfast/ledger';\nnothing();" },
      ],
      folder(),
    );
    expect(problems).toEqual([
      "docs/a.md:10: Type 'string' is not assignable to type 'number'.",
      "docs/b.md:21: Cannot find name 'missing'.",
      expect.stringMatching(/^docs\/d\.md:40: Module '"@holdfast\/ledger"' has no exported member 'nothing'\.$/),
    ]);
  });

  test('a docstring may use what its file exports', () => {
    const path = 'packages/contracts/src/duration.ts';
    const right = { path, line: 1, code: "duration.parse('30m')", inScope: ['duration'] };
    expect(compileExamples([right, { ...right, code: "duration.pase('30m')" }], folder())).toHaveLength(1);
  });
});
