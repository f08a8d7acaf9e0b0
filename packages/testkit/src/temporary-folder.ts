import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

/** A new empty folder of the machine's temporary folder; it is removed when the process of the tests ends. */
export function temporaryFolder(name = 'holdfast-test'): string {
  if (made.size === 0) removeAtEnd();
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  made.add(folder);
  return folder;
}

function removeAtEnd(): void {
  process.once('exit', () => {
    for (const folder of made) {
      try {
        rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      } catch {
        // one that something still writes to must not keep the others
      }
    }
  });
  // vitest ends its workers so
  process.once('SIGTERM', () => process.exit());
}
