import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IsolationRequest } from './isolation.ts';
import type { Toolchain } from './toolchain.ts';

/** The number that every user has inside, so that runs of different users look the same. */
export const insideUser = 1000;

/** Files of `/etc` that are made up. */
export const etcFiles = ['passwd', 'group', 'hosts', 'nsswitch.conf'] as const;

/** A user inside, by number. */
export interface InsideUser {
  readonly user: number;
  readonly group: number;
}

function madeFiles({ user, group }: InsideUser) {
  return {
    empty: '',
    passwd: `sandbox:x:${user}:${group}:sandbox:/tmp:/bin/sh\n`,
    group: `sandbox:x:${group}:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  } satisfies Record<(typeof etcFiles)[number] | 'empty', string>;
}

/**
 * Makes a tool chest outside the isolation: `temporary` itself is not shown, a new folder in memory stands in its
 * place.
 *
 * @returns Its folder, with the {@link etcFiles} and an `empty` file in it.
 */
export function writeMadeFiles(
  request: IsolationRequest,
  inside: InsideUser = { user: insideUser, group: insideUser },
): string {
  const made = join(request.temporary, 'sandbox');
  mkdirSync(made, { mode: 0o700 });
  for (const [name, text] of Object.entries(madeFiles(inside))) {
    writeFileSync(join(made, name), text);
    chmodSync(join(made, name), 0o444); // whatever the umask is
  }
  return made;
}

/** All variables that a command has inside; the programs of the toolchain come first. */
export function insideEnvironment(
  variables: Readonly<Record<string, string>>,
  toolchain: Toolchain,
): Record<string, string> {
  const path = [...toolchain.path, variables['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(':');
  return { ...variables, PATH: path };
}
