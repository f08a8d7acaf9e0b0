import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { maskOperation, unmaskOperation } from '@holdfast/data/mask/operation';
import { type Cell, openTable } from '@holdfast/dataset';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { secret } from './mask-scene.ts';

interface Asked {
  readonly plan: object | string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly hierarchies?: object;
  readonly output?: string;
  readonly lineage?: string;
  readonly isForced?: boolean;
  readonly signal?: AbortSignal;
  readonly way?: 'mask' | 'unmask';
  readonly hasKey?: boolean;
}

/** A folder with a key, in which operations are tried. */
export class MaskScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'mask-'));
  #count = 0;

  constructor() {
    writeFileSync(join(this.folder, 'key'), secret.toString('hex'), { mode: 0o600 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  file(content: string | Uint8Array, ending = 'csv'): string {
    const path = join(this.folder, `${(this.#count += 1)}.${ending}`);
    writeFileSync(path, content);
    return path;
  }

  path(ending: string): string {
    return join(this.folder, `${(this.#count += 1)}.${ending}`);
  }

  /** What the operation makes of a file. */
  async done(path: string, asked: Asked): Promise<{ readonly report: Report; readonly output: string }> {
    const { plan, options = {}, output = this.path('csv'), lineage, hierarchies, hasKey = true } = asked;
    const text = typeof plan === 'string' ? plan : JSON.stringify({ version: 1, ...plan });
    const inputs = {
      plan: await readerOf(this.file(text, 'yaml')),
      ...(hierarchies === undefined
        ? {}
        : { hierarchies: await readerOf(this.file(JSON.stringify(hierarchies), 'json')) }),
    };
    const given = {
      ...{ plan: 'plan.yaml', threads: 2, memory: '1GB', ...options },
      ...(hasKey ? { keyFile: 'key' } : {}),
      ...(hierarchies === undefined ? {} : { hierarchies: 'hierarchies.json' }),
    };
    const operation = await (asked.way === 'unmask' ? unmaskOperation : maskOperation).load();
    const outputs = { output, ...(lineage === undefined ? {} : { lineage }) };
    const report = await operation.run(await readerOf(path), outputs, given, {
      ...{ inputs, basis: [], folder: this.folder, isForced: asked.isForced ?? false, progress: () => undefined },
      signal: asked.signal ?? new AbortController().signal,
    });
    return { report, output };
  }
}

export async function readerOf(path: string): Promise<ArtifactReader> {
  const { digests, size } = await digestArtifact(path, { force: true });
  return {
    ...{ name: basename(path), kind: 'dataset', path, digest: { ...digests } },
    files: [{ name: basename(path), size, sha256: { ...digests }.sha256 }],
    read: async () => Promise.resolve(readFileSync(path)),
  };
}

/** A column of a file, as the table says it in text. */
export async function columnOf(path: string, name: string): Promise<readonly Cell[]> {
  const table = await openTable(path, { threads: 1 });
  try {
    const { engine, relation, rowNumber } = table;
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined) return [];
    const rows = await engine.rows(
      `SELECT ${engine.dialect.text(column.value, column.type)} FROM ${relation} ORDER BY ${rowNumber ?? '1'}`,
    );
    return rows.map(([cell = null]) => cell);
  } finally {
    await table.close();
  }
}

/** Names of columns with their types. */
export async function typesOf(path: string): Promise<Readonly<Record<string, string>>> {
  const table = await openTable(path, { threads: 1 });
  try {
    return Object.fromEntries(table.columns.map(({ name, type }) => [name, type]));
  } finally {
    await table.close();
  }
}
