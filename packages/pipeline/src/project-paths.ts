import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseTrust, type Trust } from '@holdfast/evidence/trust';
import { PipelineError } from './errors.ts';

/** Where things are in a project. */
export interface ProjectPaths {
  readonly trust: string;
  readonly evidence: string;
  readonly ledger: string;
  readonly keys: string;
  readonly runs: string;
  readonly logs: string;
  readonly cache: string;
  readonly seen: string;
}

export function projectPaths(folder: string): ProjectPaths {
  const own = (name: string): string => join(folder, '.holdfast', name);
  return {
    trust: join(folder, 'policy', 'trust.json'),
    evidence: own('evidence'),
    ledger: own('ledger'),
    keys: own('keys'),
    runs: own('runs'),
    logs: own('logs'),
    cache: own('cache'),
    seen: own('seen.json'),
  };
}

/** @throws PipelineError HF_CONFIG_NOT_FOUND; EvidenceError when it is not understood */
export async function readTrust(file: string): Promise<Trust> {
  const json = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PipelineError('HF_CONFIG_NOT_FOUND', `there is no trust file \`${file}\``, {
      fix: '`holdfast init` makes one',
      cause,
    });
  });
  return parseTrust(json, file);
}
