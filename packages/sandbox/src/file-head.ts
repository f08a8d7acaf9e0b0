import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The first bytes of a plain file as text; `undefined` when there is none that can be read. */
export function readHead(path: string, bytes: number): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe must not block us
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, bytes, 0));
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
