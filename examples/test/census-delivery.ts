import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ExampleProject, root } from './project.ts';

/** The data sets are not part of the repository. */
export const census = join(process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '..', 'shared', 'data'), 'adult-train.csv');

/** What plant.ts says that it did; rows count from 1. */
export interface Planted {
  readonly rows: number;
  readonly planted: readonly number[];
  readonly flipped: readonly number[];
}

/** The project of examples/census with the delivery of plant.ts in it. */
export class DeliveryProject extends ExampleProject {
  /** @param people how many of the census are delivered; all of them where it is left out */
  deliver(people?: number): Planted {
    const start = join(root, 'examples', 'census', 'start.mjs');
    this.#node([start, census, this.folder], root);
    this.#node(['--conditions=source', 'plant.ts', ...(people === undefined ? [] : [String(people)])], this.folder);
    this.#rewrite('holdfast.yaml', () => this.read('delivery.yaml'));
    this.init();
    return this.readJson('data/planted.json') as Planted;
  }

  /** What a person does between two runs: `holdfast.yaml` names the rows that were kept. */
  learnFromKept(): void {
    this.#rewrite('holdfast.yaml', (text) => text.replaceAll('data/delivery.csv', 'data/kept.csv'));
  }

  /** Fewer people tell less: the floors of the policy for a part of the census. */
  lowerFloors(): void {
    this.#rewrite('policy/study.cedar', (text) =>
      text.replace('decimal("0.84")', 'decimal("0.78")').replace('decimal("0.90")', 'decimal("0.80")'),
    );
  }

  signAndApprove(): void {
    this.holdfast(['sign', 'model']);
    this.holdfast(['approve', 'model', '--reason', 'a study of the data']);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** The lines of a table, without that of names. */
  lines(path: string): string[] {
    return this.read(path).trimEnd().split('\n').slice(1);
  }

  #rewrite(path: string, change: (text: string) => string): void {
    const before = existsSync(join(this.folder, path)) ? this.read(path) : '';
    const after = change(before);
    expect(after, path).not.toBe(before);
    writeFileSync(join(this.folder, path), after);
  }

  #node(words: readonly string[], cwd: string): void {
    expect(spawnSync(process.execPath, words, { cwd, encoding: 'utf8' })).toMatchObject({ stderr: '', status: 0 });
  }
}

/** The rows of `data/delivery.csv` that lie in `data/suspect.csv`: a line that is there twice counts as often as it was set aside. */
export function setAside(project: DeliveryProject): Set<number> {
  const left = new Map<string, number>();
  for (const line of project.lines('data/suspect.csv')) left.set(line, (left.get(line) ?? 0) + 1);
  const rows = new Set<number>();
  for (const [at, line] of project.lines('data/delivery.csv').entries()) {
    const count = left.get(line) ?? 0;
    if (count === 0) continue;
    left.set(line, count - 1);
    rows.add(at + 1);
  }
  return rows;
}

/** Shares of the planted rows that were set aside, and of the others. */
export function rates(found: ReadonlySet<number>, { rows, planted }: Planted): { tpr: number; fpr: number } {
  const hits = planted.filter((row) => found.has(row)).length;
  return { tpr: hits / planted.length, fpr: (found.size - hits) / (rows - planted.length) };
}
