import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programOf } from '../process.ts';
import { root } from '../repository.ts';

/** A repository with the same rules, the same links and the same manifests, and sources that are planted in it. */
const scene = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-rules-')));

function plant(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(scene, path)), { recursive: true });
    writeFileSync(join(scene, path), text);
  }
}

beforeAll(() => {
  for (const file of [
    '.dependency-cruiser.cjs',
    'tsconfig.json',
    'tsconfig.base.json',
    'package.json',
    'tools/packages.json',
    'tools/verifier-rules.cjs',
  ]) {
    cpSync(join(root, file), join(scene, file), { recursive: true });
  }
  for (const name of readdirSync(join(root, 'packages'))) {
    cpSync(join(root, 'packages', name, 'package.json'), join(scene, 'packages', name, 'package.json'));
  }
  const installed = join(scene, 'node_modules');
  mkdirSync(join(installed, '@holdfast'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@holdfast' && name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(installed, name));
  }
  for (const name of readdirSync(join(root, 'node_modules', '@holdfast'))) {
    symlinkSync(join('..', '..', 'packages', name), join(installed, '@holdfast', name));
  }
});
afterAll(() => {
  rmSync(scene, { recursive: true });
});

/** The names of the rules that are broken. */
function broken(files: Readonly<Record<string, string>>, rules = '.dependency-cruiser.cjs'): string[] {
  for (const name of readdirSync(join(scene, 'packages')))
    rmSync(join(scene, 'packages', name, 'src'), { recursive: true, force: true });
  plant(files);
  const words = ['--config', rules, '--output-type', 'json', 'packages'];
  const { stdout, stderr } = spawnSync(process.execPath, [programOf('dependency-cruiser', 'depcruise'), ...words], {
    cwd: scene,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}

const leaf = 'export const leaf = 1;\n';

describe('the import rules', () => {
  test('let imports go down', () => {
    expect(
      broken({
        'packages/ledger/src/index.ts': "import { readFileSync } from 'node:fs';\nexport const leaf = readFileSync;\n",
        'packages/evidence/src/index.ts': "export { leaf } from '@holdfast/ledger';\nexport * from './local.ts';\n",
        'packages/evidence/src/local.ts': leaf,
        'packages/contracts/src/index.ts': "export { z } from 'zod';\n",
      }),
    ).toEqual([]);
  });

  test.each<[rule: string, files: Readonly<Record<string, string>>]>([
    [
      'ledger-imports-down-only',
      {
        'packages/evidence/src/index.ts': leaf,
        'packages/ledger/src/up.ts': "import { leaf } from '@holdfast/evidence';\nexport const up = leaf;\n",
      },
    ],
    [
      'ledger-imports-down-only',
      {
        'packages/evidence/src/index.ts': 'export type Leaf = 1;\n',
        'packages/ledger/src/up.ts': "import type { Leaf } from '@holdfast/evidence';\nexport const up: Leaf = 1;\n",
      },
    ],
    [
      'policy-imports-down-only',
      {
        'packages/pipeline/src/index.ts': leaf,
        'packages/policy/src/up.ts': "export const up = async () => import('@holdfast/pipeline');\n",
      },
    ],
    [
      'evidence-imports-down-only',
      {
        'packages/policy/src/gate.ts': leaf,
        'packages/evidence/src/up.ts': "export { leaf } from '../../policy/src/gate.ts';\n",
      },
    ],
    [
      'packages-by-name',
      {
        'packages/ledger/src/tile.ts': leaf,
        'packages/evidence/src/across.ts': "export { leaf } from '../../ledger/src/tile.ts';\n",
      },
    ],
    [
      'no-circular',
      {
        'packages/onnx/src/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
        'packages/onnx/src/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
      },
    ],
    ['ledger-is-node-only', { 'packages/ledger/src/shape.ts': "export { z } from 'zod';\n" }],
    ['contracts-is-zod-only', { 'packages/contracts/src/tree.ts': "export { parse } from 'yaml';\n" }],
    ['no-undeclared-dependency', { 'packages/policy/src/tree.ts': "export { parse } from 'yaml';\n" }],
    [
      'no-undeclared-dependency',
      { 'packages/policy/src/tree.ts': "import fc from 'fast-check';\nexport const arbitrary = fc;\n" },
    ],
    [
      'testkit-in-tests-only',
      {
        'packages/testkit/src/index.ts': leaf,
        'packages/pipeline/src/fake.ts': "export { leaf } from '@holdfast/testkit';\n",
      },
    ],
    ['verifier-without-node', { 'packages/ledger/src/verify/proof.ts': "export { createHash } from 'node:crypto';\n" }],
    ['unresolvable', { 'packages/onnx/src/gone.ts': "export { gone } from './nowhere.ts';\n" }],
  ])('%s', (rule, files) => {
    expect(broken(files)).toContain(rule);
  });

  test('the verifier may not load what loads Node, but may name its types', () => {
    const verifier = 'packages/evidence/src/verify/index.ts';
    const files = {
      'packages/evidence/src/keys.ts':
        "import { createHash } from 'node:crypto';\nexport const hash = createHash;\nexport type Key = 1;\n",
      'packages/evidence/src/roles.ts': "export { hash } from './keys.ts';\n",
    };
    const rules = 'tools/verifier-rules.cjs';
    expect(broken({ ...files, [verifier]: "export { hash } from '../roles.ts';\n" }, rules)).toEqual([
      'verifier-reaches-no-node',
    ]);
    expect(broken({ ...files, [verifier]: "export type { Key } from '../keys.ts';\n" }, rules)).toEqual([]);
  });
});
