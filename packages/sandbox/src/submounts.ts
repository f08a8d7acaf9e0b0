import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bind } from './file-plan.ts';
import { isWithin, partsBelow } from './paths.ts';

/** Of one bind, more than any machine has. */
const maximumSubmounts = 1000;

/**
 * Binds, each followed by what is mounted below its source: container engines bind a folder with all that is mounted in
 * it, but make only the folder itself read-only.
 *
 * @param mountinfo proc_pid_mountinfo(5) of this process.
 */
export function withSubmounts(
  binds: readonly Bind[],
  mountinfo: string = readFileSync('/proc/self/mountinfo', 'utf8'),
): Bind[] {
  const points = [...new Set(mountinfo.split('\n').flatMap(mountPoint))];
  return binds.flatMap((bind) => {
    const below = points.filter((point) => point !== bind.source && isWithin(bind.source, point));
    const inside = below.slice(0, maximumSubmounts).map((point) => ({
      source: point,
      path: join(bind.path, ...partsBelow(bind.source, point)),
    }));
    return [bind, ...inside];
  });
}

/** Field 5, in which blanks, line breaks and backslashes are octal. */
function mountPoint(line: string): string[] {
  const point = line.split(' ')[4];
  if (point === undefined) return [];
  const bytes = point.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return [bytes];
}
