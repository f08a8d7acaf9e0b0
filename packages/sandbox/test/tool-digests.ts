import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where all tests remember the digests of what is installed, as all projects of a user do: reading `/usr` takes seconds.
 * Only what is about the first reading of a toolchain does without.
 */
export const toolDigests = fileURLToPath(new URL('../../../build/tool-digests/digests', import.meta.url));

/** Lets a home that is made for a test know them, too; of what else is kept in a cache it begins without anything. */
export function rememberTools(home: string): void {
  const folder = join(home, '.cache', 'holdfast');
  for (const place of [dirname(toolDigests), folder]) mkdirSync(place, { recursive: true });
  symlinkSync(toolDigests, join(folder, 'digests'));
}
