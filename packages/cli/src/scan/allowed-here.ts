import { realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { AllowEntry } from '@holdfast/scan/allow-list';
import { configurationAbove } from '../configuration-above.ts';
import { countOf } from '../view-lines.ts';
import { labelled } from '../wrap.ts';
import { plain } from './words.ts';

/** What the project allows, and what a person is told of it. */
export interface AllowedHere {
  readonly entries: readonly AllowEntry[];
  readonly lines: readonly string[];
}

const nothing: AllowedHere = { entries: [], lines: [] };

/**
 * `scan.allow` of the `holdfast.yaml` here or in a folder above. One that lies in what is scanned, or beside it, does
 * not count: whoever made the model could have put it there.
 *
 * @throws PipelineError where the file is not understood
 */
export async function allowedHere(paths: readonly string[], folder: string): Promise<AllowedHere> {
  const file = configurationAbove(resolve(folder));
  if (file === undefined) return nothing;
  const shown = plain(relative(folder, file));
  if (paths.some((path) => isBrought(dirname(file), resolve(folder, path)))) {
    const why = `${shown} lies with what is scanned: what it allows does not count`;
    return { entries: [], lines: labelled('Note: ', 6, why) };
  }
  const { loadConfiguration } = await import('@holdfast/pipeline/configuration');
  const { allow } = (await loadConfiguration(file)).config.scan;
  if (allow.length === 0) return nothing;
  const count = countOf(allow.length, 'entry', 'entries');
  return { entries: allow, lines: labelled('Note: ', 6, `scan.allow of ${shown} counts: ${count}`) };
}

/** Whether a configuration in a folder came along with a path: from within it, or from the folder that a file lies in. */
function isBrought(configured: string, path: string): boolean {
  const home = realpathSync(configured);
  return foldersOf(path).some((scanned) => home === scanned || home.startsWith(scanned === '/' ? '/' : `${scanned}/`));
}

/** The folder itself; of a file its folder, and of a link also that of the file that it leads to. */
function foldersOf(path: string): readonly string[] {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? [real] : [dirname(real), realpathSync(dirname(path))];
  } catch {
    // nothing to scan there: the scan itself says so
    return [];
  }
}
