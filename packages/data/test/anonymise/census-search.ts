import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnonymiseOptions, anonymiseSchema } from '@holdfast/data/anonymise/options';
import { type Scene, sceneOf } from '@holdfast/data/anonymise/scene';
import { OptimalSearch, type SearchResult } from '@holdfast/data/anonymise/search/optimal-search';
import { readOptions } from '@holdfast/data/read-options';
import { openTable, type Table } from '@holdfast/dataset';
import { readerOf } from '../anomaly/anomaly-scene.ts';
import { census } from '../anomaly/published-tables.ts';

const declared = join(import.meta.dirname, '../../../../examples/census/hierarchies.yaml');

/** The published census, open. */
export const openCensus = async (path: string): Promise<Table> => {
  const { names, missing, trim } = census;
  return openTable(path, { names, missing, trim, threads: 1 });
};

/** The search among the ways of generalising the census, without the writing. */
export async function censusScene(table: Table, given: Partial<AnonymiseOptions>): Promise<Scene> {
  const options = readOptions(anonymiseSchema, { hierarchies: declared, ...given }) as unknown as AnonymiseOptions;
  const reader = { ...(await readerOf(declared)), read: () => Promise.resolve(readFileSync(declared)) };
  return sceneOf([table], undefined, options, {
    signal: new AbortController().signal,
    inputs: { hierarchies: reader },
  });
}

export function searchScene({ combinations, criteria, utility, read }: Scene, suppression: number): SearchResult {
  const limits = { nodes: 1e9, isOver: () => false, held: 40_000_000 };
  const steps = new OptimalSearch(combinations, criteria, utility, Math.floor(suppression * read.rows), limits).run();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
