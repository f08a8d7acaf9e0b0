import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Invocation } from './command.ts';
import { configurationAbove } from './configuration-above.ts';
import { pathIn } from './invocation.ts';
import { countOf } from './view-lines.ts';
import { labelled } from './wrap.ts';

/**
 * Puts on record what of the paths that a command is about to read is confidential. A folder that is no project, or in which
 * `holdfast init` was not run, has no ledger for it.
 *
 * @param name of the check: `scan`, `trial.robustness`
 * @returns what people are told of it
 * @throws as `recordRead`: then nothing must be read
 */
export async function leaveAccess(
  invocation: Invocation,
  name: string,
  paths: readonly (string | undefined)[],
): Promise<string[]> {
  const file = configurationAbove(resolve(invocation.folder));
  if (file === undefined || !existsSync(join(dirname(file), '.holdfast', 'ledger'))) return [];
  const { recordRead } = await import('@holdfast/pipeline/read-access');
  const recorded = await recordRead({
    folder: invocation.folder,
    paths: paths.flatMap((path) => (path === undefined ? [] : [pathIn(invocation, path)])),
    purpose: { kind: 'check', name },
  });
  const what = countOf(recorded.length, 'confidential artifact', 'confidential artifacts');
  return recorded.length === 0 ? [] : labelled('Note: ', 6, `that ${what} was read is on record`);
}
