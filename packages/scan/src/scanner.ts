import { createHash } from 'node:crypto';
import type { AllowList } from './allow-list.ts';
import { allowlistDigest } from './callables/generated/allowlist-digest.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { scannerVersion } from './version.ts';

/** Who scanned: two scans of the same bytes by the same scanner say the same. */
export interface Scanner {
  readonly version: string;
  /** SHA-256 in hex of what is allowed: of the digest of Holdfast's own list, and of what the user adds to it. */
  readonly allowList: string;
  readonly limits: Limits;
}

/** The scanner as results name it. */
export function scannerOf(allow: AllowList, limits: Partial<Limits> = {}): Scanner {
  return { version: scannerVersion, allowList: digestOf(allow), limits: { ...defaultLimits, ...limits } };
}

/** SHA-256 in hex of JSON with the names and digests in the order of their code units. */
function digestOf({ callables, digests }: AllowList): string {
  const canonical = JSON.stringify({
    allowlist: allowlistDigest,
    callables: [...callables].sort(),
    digests: [...digests].sort(),
  });
  return createHash('sha256').update(canonical).digest('hex');
}
