import { readFileSync } from 'node:fs';

/** The version of the scanner, as reports name it. */
export const scannerVersion: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const found = (manifest as { version?: unknown }).version;
  return typeof found === 'string' ? found : '0.0.0';
}
