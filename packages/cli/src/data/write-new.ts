import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { CliError } from '../errors.ts';

/**
 * Refuses early what {@link writeNew} would refuse after the work.
 *
 * @throws CliError HF_CLI_EXISTS
 */
export async function requireNew(file: string, isForced: boolean): Promise<void> {
  if (isForced) return;
  const found = await lstat(file).catch(() => undefined);
  if (found !== undefined) throw existing(file);
}

/**
 * Writes a file whole or not at all, and over no other one unless that is wanted.
 *
 * @throws CliError HF_CLI_EXISTS
 */
export async function writeNew(file: string, text: string, isForced: boolean): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link never takes the place of what somebody has put there meanwhile; a rename does.
    if (isForced) await rename(temporary, file);
    else await link(temporary, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw existing(file);
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

const existing = (file: string): CliError =>
  new CliError('HF_CLI_EXISTS', `\`${file}\` is there already`, { where: file });
