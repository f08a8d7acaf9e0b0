import { hash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountedBefore } from '@holdfast/gateway/quotas/shared/shared-quotas';

/** Remembers, beyond the processes of this gateway, that it has counted at a server: one that knows nothing then has forgotten. */
export function countedBefore(folder: string, address: string, space: string): CountedBefore {
  const marks = join(folder, '.holdfast', 'gateway-counted');
  const mark = join(marks, hash('sha256', JSON.stringify([address, space]), 'hex').slice(0, 32));
  return {
    has: () => existsSync(mark),
    remember: () => {
      mkdirSync(marks, { recursive: true, mode: 0o700 });
      writeFileSync(mark, '');
    },
  };
}
