import type * as DuckDB from '@duckdb/node-api';
import { DatasetError } from '../errors.ts';

/** DuckDB, where it is installed. @throws DatasetError HF_DATASET_ENGINE */
export async function loadDuckDb(): Promise<typeof DuckDB> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new DatasetError('HF_DATASET_ENGINE', 'DuckDB cannot be loaded', { cause });
  }
}
