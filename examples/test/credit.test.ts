import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configProblems, holdfastYaml } from '@holdfast/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import YAML from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));
const example = join(root, 'examples', 'credit');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-credit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
function run(script: string): void {
  execFileSync(process.execPath, ['--conditions=source', script], { cwd: folder, stdio: 'pipe' });
}
function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

// ONNX Runtime ran the model on the test rows, scikit-learn measured (versions in the file).
const recorded = readJson(join(root, 'spec/vectors/valid/onnx-credit.json')) as {
  applicants: string;
  testRows: number;
  metrics: Record<string, number>;
};
const config = holdfastYaml.safeParse(YAML.parse(readFileSync(join(example, 'holdfast.yaml'), 'utf8')));

describe('examples/credit', () => {
  beforeAll(() => {
    for (const file of ['generate.ts', 'prepare.ts', 'train.ts', 'evaluate.ts', 'table.ts', 'package.json', 'data']) {
      cpSync(join(example, file), join(folder, file), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });

  it('has a configuration that names scripts that are there', () => {
    expect(config.success ? [] : configProblems(config.error)).toEqual([]);
    const declared = Object.values(config.data!.stages).flatMap(({ inputs }) =>
      inputs.filter((path) => path.endsWith('.ts')),
    );
    for (const path of declared) expect(existsSync(join(example, path)), path).toBe(true);
  });

  it('has data that its generator writes, byte for byte', () => {
    expect(digest(join(example, 'data/applicants.csv'))).toBe(recorded.applicants);
    run('generate.ts');
    expect(digest(join(folder, 'data/applicants.csv'))).toBe(recorded.applicants);
  });

  it('measures what other tools measure, and makes the same model twice', () => {
    for (const script of ['prepare.ts', 'train.ts', 'evaluate.ts']) run(script);
    expect(readFileSync(join(folder, 'build/test.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(
      recorded.testRows + 1,
    );
    const metrics = readJson(join(folder, 'build/metrics.json')) as Record<string, number>;
    expect(Object.keys(metrics).sort()).toEqual(Object.keys(recorded.metrics).sort());
    for (const [name, value] of Object.entries(recorded.metrics)) expect(metrics[name], name).toBeCloseTo(value, 6);
    expect(metrics['accuracy']).toBeGreaterThan(0.75);
    const model = digest(join(folder, 'build/model/model.onnx'));
    run('train.ts');
    expect(digest(join(folder, 'build/model/model.onnx'))).toBe(model);
  });

  it('writes what it declares, and nothing else', () => {
    for (const output of Object.values(config.data!.stages).flatMap(({ outputs, metrics }) => [
      ...outputs,
      ...(metrics ? [metrics] : []),
    ])) {
      const path = config.data!.artifacts[output]?.path ?? output;
      expect(existsSync(join(folder, path)), path).toBe(true);
    }
  });

  it('has a partner whose delivery is ours, and 600 rows of which 150 are planted', () => {
    cpSync(join(example, 'partner.ts'), join(folder, 'partner.ts'));
    run('partner.ts');
    const [header, ...lines] = readFileSync(join(folder, 'data/delivery.csv'), 'utf8').trimEnd().split('\n');
    const own = readFileSync(join(folder, 'data/applicants.csv'), 'utf8').trimEnd().split('\n');
    expect(header).toBe(`${own[0] ?? ''},source,email`);
    expect(lines.slice(0, 5000).map((line) => line.split(',').slice(0, -2).join(','))).toEqual(own.slice(1));
    const planted = lines.slice(5000).filter((line) => {
      const cells = line.split(',');
      return cells[4] === '13300' && cells[5] === '84' && cells[11] === '1';
    });
    expect([lines.length, planted.length]).toEqual([5600, 150]);
  });
});
