import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type { ProjectFolder } from './project-folder.ts';
import { insideProject } from './project-path.ts';

/** What `.dvc/config` and `.dvc/config.local` say, as far as it matters here. */
export interface DvcConfig {
  /** Folder of the cache, as a path of the project; `undefined` when it is outside or there is no `.dvc`. */
  readonly cache: string | undefined;
  /** What `cache.dir` says. */
  readonly cacheSetting: string | undefined;
  /** How `${dictionary}` becomes flags of a command: `parsing.bool`, `parsing.list`. */
  readonly parsing: { readonly bool: string | undefined; readonly list: string | undefined };
}

const maximumLines = 5000;

/**
 * The settings of a DVC configuration, by `section.option`, both in lower case (DVC, Configuration; the format of
 * configobj: sections in brackets, `option = value`, `#` comments).
 *
 * @example
 * readDvcConfig('[cache]\n    dir = ../shared\n').get('cache.dir'); // '../shared'
 */
export function readDvcConfig(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  for (const raw of text.split(/\r?\n/, maximumLines)) {
    const line = raw.trim();
    const head = /^\[(.{1,200})\]$/.exec(line)?.[1];
    const at = line.indexOf('=');
    if (head !== undefined) section = head.toLowerCase();
    else if (!line.startsWith('#') && at > 0) {
      settings.set(`${section}.${line.slice(0, at).trim().toLowerCase()}`, withoutQuotes(line.slice(at + 1).trim()));
    }
  }
  return settings;
}

const withoutQuotes = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;

/** Reads the configuration of the DVC repository at the top of a project. A path in it counts from `.dvc`. */
export async function dvcConfig(folder: ProjectFolder): Promise<DvcConfig> {
  const files = [await folder.read('.dvc/config'), await folder.read('.dvc/config.local')];
  const settings = new Map(files.flatMap((text) => [...readDvcConfig(text ?? '')]));
  const cacheSetting = settings.get('cache.dir');
  return {
    cache: folder.isFolder('.dvc') ? await cacheFolder(cacheSetting, folder) : undefined,
    cacheSetting,
    parsing: { bool: settings.get('parsing.bool'), list: settings.get('parsing.list') },
  };
}

async function cacheFolder(setting: string | undefined, folder: ProjectFolder): Promise<string | undefined> {
  if (setting === undefined) return '.dvc/cache';
  if (!isAbsolute(setting)) return insideProject('.dvc', setting);
  const path = relative(await realpath(folder.path), setting)
    .split(sep)
    .join('/');
  return path === '' || isAbsolute(path) ? undefined : insideProject('', path);
}
