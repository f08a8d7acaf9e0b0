import { type Doubt, shown } from './found.ts';
import { unreadable } from './project-folder.ts';
import { folderOf, insideProject } from './project-path.ts';
import { listOf, mapOf, type PythonMap, type PythonValue, pythonText, textOf } from './python-value.ts';
import { readPythonYaml } from './python-yaml.ts';

/** What DVC recorded about a file or folder. */
export interface DvcRecord {
  /** Inside the project. */
  readonly path: string;
  /** 32 lower-case hexadecimal digits; of a folder, of its list of files. */
  readonly md5: string;
  readonly isFolder: boolean;
  /** Recorded by DVC 2 or older, which hashed text with its line ends made those of Unix. */
  readonly isLegacy: boolean;
  /** The file that says so. */
  readonly where: string;
}

/** Data that a `.dvc` file tracks, and where it came from. */
export interface DvcTracked extends DvcRecord {
  /** Of `dvc import-url` or `dvc import`. */
  readonly uri: string | undefined;
}

/** What `dvc.lock` says about one stage. */
export interface DvcLocked {
  readonly dependencies: readonly DvcRecord[];
  readonly outputs: readonly DvcRecord[];
}

const md5Pattern = /^[0-9a-f]{32}(\.dir)?$/;

/**
 * Reads a `dvc.lock` of schema 2.0 (DVC, Internal directories and files; dvc/schema.py).
 *
 * @param file its path in the project
 * @param bases for each stage the folder that its paths count from; stages that are not in it are passed over
 * @throws PipelineError HF_ADOPT_UNREADABLE
 */
export function readDvcLock(
  text: string,
  file: string,
  bases: ReadonlyMap<string, string>,
): { readonly stages: ReadonlyMap<string, DvcLocked>; readonly doubts: readonly Doubt[] } {
  const lock = readPythonYaml(text, file, 'ruamel');
  if (!(lock instanceof Map)) throw unreadable(file, 'is no mapping');
  if (pythonText(mapOf(lock).get('schema') ?? null) !== '2.0') throw unreadable(file, 'is not of the schema 2.0');
  const doubts: Doubt[] = [];
  const stages = new Map<string, DvcLocked>();
  for (const [name, value] of mapOf(mapOf(lock).get('stages'))) {
    const base = bases.get(name);
    if (base === undefined) continue;
    const records = (key: string): DvcRecord[] =>
      listOf(mapOf(value).get(key)).flatMap((entry) => recordOf(mapOf(entry), base, file, doubts) ?? []);
    stages.set(name, { dependencies: records('deps'), outputs: records('outs') });
  }
  return { stages, doubts };
}

/**
 * Reads a `.dvc` file: what `dvc add`, `dvc import` and `dvc import-url` track (DVC, .dvc files).
 *
 * @param file its path in the project
 * @throws PipelineError HF_ADOPT_UNREADABLE
 */
export function readDvcFile(
  text: string,
  file: string,
): { readonly tracked: readonly DvcTracked[]; readonly doubts: readonly Doubt[] } {
  const read = readPythonYaml(text, file, 'ruamel');
  if (!(read instanceof Map)) throw unreadable(file, 'is no mapping');
  const content = mapOf(read);
  const doubts: Doubt[] = [];
  if (content.has('cmd')) {
    doubts.push({ where: file, what: 'is a stage of DVC 1: its command is left out, move it to dvc.yaml' });
    return { tracked: [], doubts };
  }
  const base = insideProject(folderOf(file), textOf(content.get('wdir')) ?? '.');
  if (base === undefined) throw unreadable(file, 'has a `wdir` outside of the project');
  const [dependency] = listOf(content.get('deps'));
  const uri = dependency === undefined ? undefined : uriOf(mapOf(dependency), file, doubts);
  const tracked = listOf(content.get('outs')).flatMap((entry) => recordOf(mapOf(entry), base, file, doubts) ?? []);
  return { tracked: tracked.map((record) => ({ ...record, uri })), doubts };
}

function recordOf(entry: PythonMap, base: string, where: string, doubts: Doubt[]): DvcRecord | undefined {
  const written = textOf(entry.get('path')) ?? '';
  const path = insideProject(base, written);
  const hash = textOf(entry.get('hash'));
  const md5 = digestText(entry.get('md5'));
  const reason = reasonToSkip(path, hash, listOf(entry.get('files')).length > 0, md5);
  if (reason !== undefined) doubts.push({ where, what: `${shown(written)} ${reason}` });
  if (reason !== undefined || path === undefined || md5 === undefined) return undefined;
  if (!md5Pattern.test(md5)) throw unreadable(where, `records ${shown(md5)}, which is no MD5, of ${shown(written)}`);
  return { path, md5: md5.slice(0, 32), isFolder: md5.endsWith('.dir'), isLegacy: hash === undefined, where };
}

function reasonToSkip(
  path: string | undefined,
  hash: string | undefined,
  isListed: boolean,
  md5: string | undefined,
): string | undefined {
  if (path === undefined || path === '') return 'is outside of the project: it is not looked at';
  if (hash !== undefined && hash !== 'md5') return `is recorded by ${shown(hash)}, not by MD5: it is not verified`;
  if (isListed) return 'is tracked file by file in a cloud: it is not verified';
  return md5 === undefined ? 'has no MD5: it is not verified' : undefined;
}

/** A digest without a letter in it reads as a number. */
function digestText(value: PythonValue | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'bigint' ? value.toString().padStart(32, '0') : pythonText(value)?.toLowerCase();
}

/** Where imported data came from, as a URI without user names, which the contract refuses. */
function uriOf(dependency: PythonMap, where: string, doubts: Doubt[]): string | undefined {
  const path = textOf(dependency.get('path')) ?? '';
  const repository = mapOf(dependency.get('repo'));
  const url = textOf(repository.get('url'));
  if (url === undefined) return asUri(path);
  const revision = textOf(repository.get('rev_lock')) ?? textOf(repository.get('rev'));
  const base = asUri(/^[\w.-]+@[\w.-]+:(?!\/\/)/.test(url) ? `ssh://${url.replace(':', '/')}` : url);
  if (base === undefined) {
    doubts.push({ where, what: `imports from ${shown(url)}, which is no URI: it is pinned by its MD5` });
    return undefined;
  }
  return asUri(`git+${base}${revision === undefined ? '' : `@${revision}`}#${path}`);
}

/** A URI of RFC 3986 in ASCII; `undefined` for what is none, such as a path. */
function asUri(text: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.length > 2000) return undefined;
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  const rest = text.slice(text.indexOf(':')).replace(/^:\/\/[^/?#@]*@/, '://');
  const encoded = rest.replaceAll(/[^!-~]/gu, (character) =>
    encodeURIComponent(character.isWellFormed() ? character : '\u{FFFD}'),
  );
  const uri = `${scheme}${encoded}`;
  return encoded.length > 2000 || (scheme === 'https' && !URL.canParse(uri)) ? undefined : uri;
}
