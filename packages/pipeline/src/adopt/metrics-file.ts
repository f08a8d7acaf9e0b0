import { join } from 'node:path';
import { readMetrics } from '../metrics.ts';
import type { ProjectFolder } from './project-folder.ts';

/**
 * Whether a file can be the `metrics` of a stage: a flat JSON object of numbers.
 *
 * @returns `undefined` when it is not there yet, and nobody can tell
 */
export async function isMetricsFile(path: string, folder: ProjectFolder): Promise<boolean | undefined> {
  if (!path.endsWith('.json')) return false;
  if (!folder.isFile(path)) return undefined;
  return readMetrics(join(folder.path, path)).then(
    () => true,
    () => false,
  );
}
