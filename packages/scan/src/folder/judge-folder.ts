import { posix } from 'node:path';
import type { Beside } from '../beside.ts';
import { type About, type ScanFinding, shown } from '../finding.ts';
import { takenFor } from '../paths/taken-for.ts';
import type { FileResult } from '../result.ts';
import type { ScanRule } from '../verdict.ts';
import { folderRules } from './rules.ts';

/** A finding about files as they lie together; it belongs to one of them. */
export interface FolderFinding {
  /** Of the file, as in its result; of a link, its own path. */
  readonly path: string;
  readonly finding: ScanFinding;
}

/** A symbolic link of the folder. */
export interface FolderLink {
  /** Relative to the folder; posix. */
  readonly path: string;
  /** What it says: relative to where it lies, or absolute. */
  readonly target: string;
}

/**
 * Judges the files of a folder as they lie together: Python that a configuration names, weights that an index names and
 * that are not there, links that lead out, names that some systems take for one. It reads nothing.
 *
 * @param files results of all files of the folder, with paths relative to it
 * @param links symbolic links of the folder
 * @example
 * ```ts
 * import { scanFile } from '@holdfast/scan';
 * import { judgeFolder } from '@holdfast/scan/folder/judge-folder';
 * import { withFolderFindings } from '@holdfast/scan/folder/with-folder-findings';
 * const files = [await scanFile('config.json'), await scanFile('modeling.py')];
 * const judged = withFolderFindings(files, judgeFolder(files));
 * ```
 */
export function judgeFolder(files: readonly FileResult[], links: readonly FolderLink[] = []): readonly FolderFinding[] {
  const paths = new Set([...files.map(({ path }) => path), ...links.map(({ path }) => path)]);
  return [
    ...files.flatMap((file) => file.beside.flatMap((beside) => judgeBeside(file, beside, paths))),
    ...links.flatMap(judgeLink),
    ...collisions([...paths]),
  ];
}

function judgeBeside(file: FileResult, beside: Beside, paths: ReadonlySet<string>): readonly FolderFinding[] {
  const path = posix.join(posix.dirname(file.path), beside.path);
  const there = paths.has(path);
  if (beside.as === 'weights') {
    const message = `${shown(beside.by)} names ${shown(path)}, which is not there`;
    return there ? [] : [found(file.path, folderRules.missing, { message, within: beside.by })];
  }
  if (!there) return [];
  const when = 'when the model is loaded with trust_remote_code';
  const trail = [
    { at: 0, operation: `${file.path}: ${beside.by}`, text: `names ${path}` },
    { at: 0, operation: 'import', text: `runs ${path}` },
  ];
  return [
    found(file.path, folderRules.code, { message: `it has ${shown(path)} run`, within: beside.by, when, trail }),
    found(path, folderRules.code, { message: `${shown(file.path)} has it run`, when, trail }),
  ];
}

function judgeLink({ path, target }: FolderLink): readonly FolderFinding[] {
  const leads = posix.normalize(posix.join(posix.dirname(path), target));
  if (!posix.isAbsolute(target) && leads !== '..' && !leads.startsWith('../')) return [];
  return [found(path, folderRules.link, { message: `it is a link to ${shown(target)}, outside the folder` })];
}

/** Names that are one for some systems. */
function collisions(paths: readonly string[]): readonly FolderFinding[] {
  const seen = new Map<string, string>();
  const findings: FolderFinding[] = [];
  for (const path of paths.toSorted()) {
    const folded = takenFor(path);
    const other = seen.get(folded);
    if (other === undefined) seen.set(folded, path);
    else {
      findings.push(found(path, folderRules.collision, { message: `some systems take it for ${shown(other)}` }));
    }
  }
  return findings;
}

function found(path: string, rule: ScanRule, about: About): FolderFinding {
  const { id, severity, verdict, fix } = rule;
  const where = about.within === undefined ? path : `${path}, ${about.within}`;
  return { path, finding: { rule: id, severity, verdict, fix, where, part: [], ...about } };
}
