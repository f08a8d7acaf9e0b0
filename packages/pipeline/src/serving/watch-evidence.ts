import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../project.ts';

/** A revocation has to stop a model within a second; noticing it takes a fifth of that. */
const everyMs = 200;

/**
 * Calls back when the ledger, the trust file or the policy of an environment changes. Looks at the files instead of being told: what a
 * network file system or another container changes is seen, too.
 *
 * @returns ends it
 */
export function watchEvidence({ paths, config, folder }: Project, changed: () => void): () => void {
  const files = [
    join(paths.ledger, 'checkpoint'),
    paths.trust,
    ...Object.values(config.environments).map(({ policy }) => join(folder, policy)),
  ];
  let before: string | undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const now = (await Promise.all(files.map(markOf))).join('\n');
    isLooking = false;
    const isChanged = before !== undefined && before !== now;
    before = now;
    if (isChanged) changed();
  };
  const timer = setInterval(() => void look(), everyMs);
  void look();
  return () => {
    clearInterval(timer);
  };
}

async function markOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}
