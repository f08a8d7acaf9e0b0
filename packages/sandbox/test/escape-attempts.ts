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
  /** The list of hosts of its sandbox, ports by the names of variables; without one it has no network. */
  readonly hosts: readonly string[] | undefined;
  /** The proxy must have refused something: otherwise the attempt did not get as far as it. */
  readonly isRefused: boolean;
}

export const escapes = join(import.meta.dirname, '../escapes');

/** What attempts import. */
const modules = ['kernel.py', 'proxied.py'];

export function listAttempts(): Attempt[] {
  return readdirSync(escapes)
    .filter((name) => /\.(?:sh|py|mjs)$/.test(name) && !modules.includes(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(escapes, name), 'utf8');
      const field = (key: string): string | undefined => new RegExp(`^(?:#|//) ${key}: (.+)$`, 'm').exec(text)?.[1];
      const [tries, bare] = [field('tries'), field('bare')?.split(':')[0]];
      if (tries === undefined || !['always', 'root', 'machine', 'never'].includes(bare ?? '')) throw new Error(name);
      const judge = (field('judge') ?? 'output') as Attempt['judge'];
      const hosts = field('hosts')?.split(' ');
      return { name, tries, bare: bare as Bare, judge, hosts, isRefused: field('proxy') === 'refuses' };
    });
}

export function commandOf(attempt: Attempt, node: string): [string, ...string[]] {
  const script = join(escapes, attempt.name);
  if (attempt.name.endsWith('.sh')) return ['/bin/sh', script];
  return attempt.name.endsWith('.py') ? ['/usr/bin/python3', script] : [node, script];
}
