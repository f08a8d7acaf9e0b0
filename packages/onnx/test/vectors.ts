import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../spec/vectors/', import.meta.url));

/** A file below spec/vectors. */
export function vector(path: string): Uint8Array {
  return new Uint8Array(readFileSync(folder + path));
}

/** A JSON file below spec/vectors. */
export function vectorJson(path: string): unknown {
  return JSON.parse(readFileSync(folder + path, 'utf8'));
}
