import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PipelineError } from '../errors.ts';
import type { Patience } from './patience.ts';
import { outOfPatience } from './source-error.ts';

const pieceBytes = 1024 * 1024;

/** Where a `file:` URL or a path of the project leads. @throws PipelineError HF_SOURCE_SCHEME */
export function fileOf(uri: string, absolute: (path: string) => string): string {
  if (!uri.startsWith('file:')) return absolute(uri);
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new PipelineError('HF_SOURCE_SCHEME', 'the URI names no file of this machine', { where: uri, cause });
  }
}

/**
 * Hands out the bytes of a regular file, which must stay as it is meanwhile.
 *
 * @throws PipelineError HF_SOURCE_UNREACHABLE, HF_SOURCE_INCOMPLETE
 */
export async function* fileBytes(path: string, patience: Patience): AsyncGenerator<Uint8Array> {
  const file = await openRegular(path);
  try {
    const before = await file.stat({ bigint: true });
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const ended = outOfPatience(patience, path);
      if (ended !== undefined) throw ended;
      const { bytesRead } = await file.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) break;
      yield piece.subarray(0, bytesRead);
    }
    const after = await file.stat({ bigint: true });
    if (after.size === before.size && after.mtimeNs === before.mtimeNs) return;
  } finally {
    await file.close();
  }
  const fix = 'stop what writes to it, and fetch again';
  throw new PipelineError('HF_SOURCE_INCOMPLETE', 'the file changed while it was read', { where: path, fix });
}

/** A pipe or a device would be waited for without end. */
async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: unknown) => {
    throw new PipelineError('HF_SOURCE_UNREACHABLE', `\`${path}\` cannot be read`, { where: path, cause });
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new PipelineError('HF_SOURCE_UNREACHABLE', `\`${path}\` is not a regular file`, {
    where: path,
    fix: 'name a file: a folder is fetched file by file',
  });
}
