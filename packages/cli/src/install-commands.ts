import type { CommandDescription } from './command.ts';

/** Commands that bring an artifact to a device, and look after it there. */
export const installCommands: readonly CommandDescription[] = [
  {
    name: 'release',
    usage: 'ARTIFACT --device CLASS [--version NUMBER]',
    summary: 'let devices of a class have an artifact, in the role approver',
    arguments: [1, 1],
    options: {
      device: { type: 'string', value: 'CLASS', summary: 'the class of devices that it is for' },
      version: { type: 'string', value: 'NUMBER', summary: 'higher than all before (default: the next one)' },
      key: { type: 'string', value: 'NAME', summary: 'sign with this key (default: the first that holds the role)' },
    },
    load: async () => import('./commands/release.ts'),
  },
  {
    name: 'install',
    usage: 'ARCHIVE --to DIR',
    summary: 'verify an update offline and switch to it, on a device',
    arguments: [1, 1],
    options: {
      to: { type: 'string', value: 'DIR', summary: 'folder of the device; what is installed is in DIR/current' },
      device: { type: 'string', value: 'CLASS', summary: 'at first: the class of this device' },
      environment: { type: 'string', value: 'NAME', summary: 'at first: its environment (default: production)' },
      policy: { type: 'string', value: 'FILE', summary: 'at first, or to replace it: the policy of this device' },
      trust: { type: 'string', value: 'FILE', summary: 'at first, or to replace it: the trust file to rely on' },
    },
    load: async () => import('./commands/install.ts'),
  },
  {
    name: 'install check',
    usage: 'DIR [--recover]',
    summary: 'at every start: is what is installed still what was signed and allowed?',
    arguments: [1, 1],
    options: { recover: { type: 'boolean', summary: 'if not, go back to the last good version' } },
    load: async () => import('./commands/install-check.ts'),
  },
];
