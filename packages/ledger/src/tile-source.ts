import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LedgerError } from './errors.ts';
import { errorCodeOf, ioError } from './io-error.ts';

/** Where a reader takes the files of a ledger from: a folder, an archive, a server. */
export interface TileSource {
  /**
   * The bytes at a path such as `checkpoint` or `tile/0/000.p/5`, or `undefined` when there is nothing. They are not
   * trusted: the reader verifies them.
   */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Names in a folder of the ledger, `[]` when there is none. `fsck` finds left partial tiles with it. */
  list?(path: string): Promise<readonly string[]>;
}

// 256 entries of 65535 bytes and their lengths: nothing in a ledger is larger.
const longestFile = 256 * (2 + 0xffff);

/**
 * Reads the files of a ledger from a folder.
 *
 * @throws LedgerError (from its methods) HF_LEDGER_IO when the operating system refuses, or a file is absurdly long
 */
export function folderSource(folder: string): TileSource {
  return {
    read: (path) => readBounded(join(folder, path), path),
    async list(path) {
      try {
        return await readdir(join(folder, path));
      } catch (error) {
        if (isAbsent(error)) return [];
        throw ioError(error, `cannot list \`${path}\``, path);
      }
    },
  };
}

async function readBounded(file: string, path: string): Promise<Uint8Array | undefined> {
  try {
    await using handle = await open(file);
    const { size } = await handle.stat();
    if (size > longestFile) throw new LedgerError('HF_LEDGER_IO', `\`${path}\` has ${size} bytes`, { where: path });
    return await handle.readFile();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError(error, `cannot read \`${path}\``, path);
  }
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error));
}
