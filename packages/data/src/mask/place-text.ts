import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeFile } from '@holdfast/dataset/table/place-file';

/** Puts a text where it belongs, as a whole or not at all. @throws as `placeFile` */
export async function placeText(text: string, path: string, isForced: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-text-'));
  try {
    const file = join(folder, 'text');
    await writeFile(file, text);
    await placeFile(file, path, isForced);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
