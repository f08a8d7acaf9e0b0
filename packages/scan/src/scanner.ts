import { createHash } from 'node:crypto';
import type { AllowList } from './allow-list.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { scannerVersion } from './version.ts';

/** Who scanned: two scans of the same bytes by the same scanner say the same. */
export interface Scanner {
  readonly version: string;
  /** SHA-256 in hex of what the user allows, in its canonical form. */
  readonly allowList: string;
  readonly limits: Limits;
}

/** The scanner as results name it. */
export function scannerOf(allow: AllowList, limits: Partial<Limits> = {}): Scanner {
  return { version: scannerVersion, allowList: allowListDigest(allow), limits: { ...defaultLimits, ...limits } };
}

/** SHA-256 in hex of JSON with the names and digests in the order of their code units. */
function allowListDigest({ callables, digests }: AllowList): string {
  const canonical = JSON.stringify({ callables: [...callables].sort(), digests: [...digests].sort() });
  return createHash('sha256').update(canonical).digest('hex');
}
