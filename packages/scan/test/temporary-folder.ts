import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with some files, until the test has finished. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-scan-')));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A file of zeros that takes no room on the disk: 64 GiB are hashed for half a minute at least. */
export function endlessFile(file: string): void {
  const descriptor = openSync(file, 'w');
  ftruncateSync(descriptor, 2 ** 36);
  closeSync(descriptor);
}

/** Bytes that no format begins with. */
export const ofNoFormat: Uint8Array = Uint8Array.of(0, 0xff, 0, 0xfe, 0, 0xff);
