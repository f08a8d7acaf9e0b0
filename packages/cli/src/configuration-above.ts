import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const name = 'holdfast.yaml';

/** Looked for without what reads it, which takes longer to load than most scans take. */
export function configurationAbove(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return join(folder, name);
    if (folder === dirname(folder)) return undefined;
  }
}
