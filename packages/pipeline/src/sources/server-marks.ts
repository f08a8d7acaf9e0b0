import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '@holdfast/ledger/durable-file';
import type { Project } from '../project.ts';
import type { DeclaredSource } from './declared-source.ts';

/** What a server called some bytes: a hint, which saves reading them again, and proves nothing. */
interface Mark {
  /** SHA-256 of the URI, which may hold a token. */
  readonly uri: string;
  readonly etag: string;
  /** Lower-case hex, of the bytes. */
  readonly sha256: string;
}

const pathIn = ({ paths }: Project): string => join(paths.cache, 'source-marks.json');
const uriDigest = ({ uri }: DeclaredSource): string => createHash('sha256').update(uri).digest('hex');

/** The mark that the server put on the bytes that were seen last; what cannot be read is forgotten. */
export async function markOf(project: Project, source: DeclaredSource): Promise<Mark | undefined> {
  const mark = (await readMarks(project))[source.name];
  return mark?.uri === uriDigest(source) ? mark : undefined;
}

export async function rememberMark(
  project: Project,
  source: DeclaredSource,
  seen: { readonly etag: string | undefined; readonly sha256: string },
): Promise<void> {
  const { [source.name]: before, ...others } = await readMarks(project);
  const { etag, sha256 } = seen;
  if (etag === undefined && before === undefined) return;
  const own = etag === undefined ? {} : { [source.name]: { uri: uriDigest(source), etag, sha256 } };
  await writeDurably(pathIn(project), `${JSON.stringify({ ...others, ...own })}\n`);
}

async function readMarks(project: Project): Promise<Readonly<Record<string, Mark>>> {
  try {
    const read: unknown = JSON.parse(await readFile(pathIn(project), 'utf8'));
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(Object.entries(read).filter((entry): entry is [string, Mark] => isMark(entry[1])));
  } catch {
    return {};
  }
}

function isMark(value: unknown): value is Mark {
  const { uri, etag, sha256 } = (value ?? {}) as Partial<Record<keyof Mark, unknown>>;
  const isTag = typeof etag === 'string' && /^(?:W\/)?"[\x21\x23-\x7e]{1,256}"$/.test(etag);
  return isTag && typeof uri === 'string' && typeof sha256 === 'string';
}
