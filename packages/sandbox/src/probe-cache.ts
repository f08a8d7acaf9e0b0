import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const maximumLength = 65_536;

/**
 * What a probe kept under this key, or `undefined`. Only good results are kept, so a cache can be wrong in one
 * direction only: who may write it can claim it.
 */
export function readCache(path: string, key: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8').slice(0, maximumLength)) as Record<string, unknown>;
    return value['key'] === key ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs a trial each time, and is no reason to fail. */
export function writeCache(path: string, key: string, values: Readonly<Record<string, unknown>>): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify({ key, ...values }), { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch {
    // read-only home
  }
}
