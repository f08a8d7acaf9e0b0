import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError } from '../../errors.ts';
import { MaskingKey } from './masking-key.ts';

/** Where the key is; at most one of the two. */
export interface KeyPlace {
  readonly keyFile?: string;
  readonly keyEnvironment?: string;
}

/** Options that say where the key is: never the key itself. To be spread into the schema of an operation. */
export const keyProperties = {
  keyFile: {
    type: 'string',
    minLength: 1,
    maxLength: 4000,
    description: 'file with the key: 64 hexadecimal digits or more (`openssl rand -hex 32`), readable by you alone',
  },
  keyEnvironment: {
    type: 'string',
    maxLength: 200,
    // no key in hexadecimal is such a name: what is typed by mistake is refused before it is written down anywhere
    pattern: '^[A-Z][A-Z0-9_]*KEY[A-Z0-9_]*$',
    description: 'environment variable that holds the key, with KEY in its name',
  },
} as const;

/** Bytes. */
const largest = 4096;
/** A key of 32 random bytes has fewer different ones once in 10²⁷. */
const fewestDifferent = 12;

/**
 * The key, where one is named. No message holds any of it.
 *
 * @param folder what the path of the file is relative to
 * @throws DataError HF_DATA_MASK_KEY
 */
export async function readKey({ keyFile, keyEnvironment }: KeyPlace, folder: string): Promise<MaskingKey | undefined> {
  if (keyFile !== undefined && keyEnvironment !== undefined) {
    throw refused('the key is in a file or in the environment, not in both');
  }
  if (keyFile !== undefined) return keyOf(await textOf(resolve(folder, keyFile)), 'the file');
  if (keyEnvironment === undefined) return undefined;
  const text = process.env[keyEnvironment] ?? '';
  if (text === '') throw refused(`the environment variable \`${keyEnvironment}\` is not set`);
  return keyOf(text, `the environment variable \`${keyEnvironment}\``);
}

function keyOf(text: string, where: string): MaskingKey {
  const digits = text.trim();
  if (!/^(?:[0-9a-f]{2}){32,64}$/i.test(digits)) {
    throw refused(`${where} does not hold a key of 64 to 128 hexadecimal digits`);
  }
  const bytes = Buffer.from(digits, 'hex');
  if (new Set(bytes).size < fewestDifferent) throw refused(`${where} holds a key that is not random`);
  return new MaskingKey(bytes);
}

async function textOf(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw refused('the file with the key cannot be opened', cause);
  });
  try {
    return await readPrivate(handle);
  } finally {
    await handle.close();
  }
}

async function readPrivate(handle: FileHandle): Promise<string> {
  const { mode, size } = await handle.stat();
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw refused(
      'others can read the file with the key',
      undefined,
      'take it from them with `chmod 600`, and make a new one',
    );
  }
  if (size > largest) throw refused(`the file with the key has more than ${largest} bytes`);
  const buffer = Buffer.alloc(largest);
  const { bytesRead } = await handle.read(buffer, 0, largest, 0);
  return buffer.toString('latin1', 0, bytesRead);
}

const refused = (message: string, cause?: unknown, fix?: string): DataError =>
  new DataError('HF_DATA_MASK_KEY', message, { cause, ...(fix === undefined ? {} : { fix }) });
