import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where an attempt is expected to work without a sandbox. */
export type Bare = 'always' | 'root' | 'machine' | 'never';

/** One attempt to get out, a script of `escapes/`. */
export interface Attempt {
  readonly name: string;
  readonly tries: string;
  /** `machine`: depends on the kernel and its settings; `never`: would do harm, the reason stands beside it. */
  readonly bare: Bare;
  /** By what it prints, by what changed on the machine, or by what would have been adopted. */
  readonly judge: 'output' | 'host' | 'adoption';
}

export const escapes = join(import.meta.dirname, '../escapes');

export function listAttempts(): Attempt[] {
  return readdirSync(escapes)
    .filter((name) => /\.(?:sh|py|mjs)$/.test(name) && name !== 'kernel.py')
    .sort()
    .map((name) => {
      const text = readFileSync(join(escapes, name), 'utf8');
      const field = (key: string): string | undefined => new RegExp(`^(?:#|//) ${key}: (.+)$`, 'm').exec(text)?.[1];
      const [tries, bare] = [field('tries'), field('bare')?.split(':')[0]];
      if (tries === undefined || !['always', 'root', 'machine', 'never'].includes(bare ?? '')) throw new Error(name);
      return { name, tries, bare: bare as Bare, judge: (field('judge') ?? 'output') as Attempt['judge'] };
    });
}

export function commandOf(attempt: Attempt, node: string): [string, ...string[]] {
  const script = join(escapes, attempt.name);
  if (attempt.name.endsWith('.sh')) return ['/bin/sh', script];
  return attempt.name.endsWith('.py') ? ['/usr/bin/python3', script] : [node, script];
}
