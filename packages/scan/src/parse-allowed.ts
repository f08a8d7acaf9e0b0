import type { AllowList } from './allow-list.ts';
import { ScanError } from './errors.ts';
import { shown } from './finding.ts';

const callable = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)+$/u;

/**
 * What somebody allows, as it is written: `package.module.Class`, or `sha256:` with the digest of a file.
 *
 * @throws ScanError HF_SCAN_ALLOW
 */
export function parseAllowed(texts: readonly string[]): AllowList {
  const callables = new Set<string>();
  const digests = new Set<string>();
  for (const text of texts) {
    const digest = /^sha256:([0-9a-f]{64})$/i.exec(text)?.[1];
    if (digest !== undefined) digests.add(digest.toLowerCase());
    else if (callable.test(text)) callables.add(text);
    else throw new ScanError('HF_SCAN_ALLOW', `${shown(text)} cannot be allowed`);
  }
  return { callables, digests };
}
