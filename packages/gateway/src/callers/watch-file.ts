import { type FSWatcher, unwatchFile, watch, watchFile } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Milliseconds between looks at what the system does not tell of: network file systems, links that are turned. */
const lookEvery = 1000;

/** Calls back when a file may have changed or been replaced, until what is returned is called. Keeps no process alive. */
export function watchFileChanges(path: string, changed: () => void): () => void {
  const name = basename(path);
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(path), { persistent: false }, (_, file) => {
      if (file === null || file === name) changed();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No more watches, or no such folder: the looks remain.
  }
  watchFile(path, { interval: lookEvery, persistent: false }, changed);
  return () => {
    watcher?.close();
    unwatchFile(path, changed);
  };
}
