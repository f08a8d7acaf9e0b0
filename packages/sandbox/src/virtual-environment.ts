import { dirname, isAbsolute, join } from 'node:path';
import { readHead } from './file-head.ts';

/** A virtual environment (PEP 405). */
export interface VirtualEnvironment {
  readonly folder: string;
  /** Absolute path of the folder of the Python that it was made from. */
  readonly home?: string;
}

const maximumBytes = 65_536;

/**
 * The virtual environment that a Python belongs to: the one whose `pyvenv.cfg` lies above its `bin`. Python does not
 * follow links to look for it, so neither do we.
 *
 * @see https://peps.python.org/pep-0405/#specification
 */
export function virtualEnvironmentOf(python: string): VirtualEnvironment | undefined {
  const folder = dirname(dirname(python));
  const text = readHead(join(folder, 'pyvenv.cfg'), maximumBytes);
  if (text === undefined) return undefined;
  const lines = text.split('\n').map((line) => line.split('='));
  const line = lines.find(([key]) => key?.trim().toLowerCase() === 'home');
  const home = line?.slice(1).join('=').trim() ?? '';
  return { folder, ...(isAbsolute(home) && !home.includes('\0') ? { home } : {}) };
}
