import type PostgreSQL from 'pg';
import { DatasetError } from '../errors.ts';

/** The client of PostgreSQL, where it is installed. @throws DatasetError HF_DATASET_ENGINE */
export async function loadPostgres(): Promise<typeof PostgreSQL> {
  try {
    return (await import('pg')).default;
  } catch (cause) {
    throw new DatasetError('HF_DATASET_ENGINE', 'the client of PostgreSQL (`pg`) cannot be loaded', { cause });
  }
}
