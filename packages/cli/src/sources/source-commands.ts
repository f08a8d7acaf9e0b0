import type { CommandDescription, CommandOption } from '../command.ts';

const shared: Readonly<Record<string, CommandOption>> = {
  ca: { type: 'string', value: 'FILE', summary: 'certificates of private authorities in PEM, beside those of Node' },
  key: { type: 'string', value: 'NAME', summary: 'sign with this key (default: the first that holds the role)' },
};

/** What is about `sources:`. */
export const sourceCommands: readonly CommandDescription[] = [
  {
    name: 'data fetch',
    usage: '[SOURCE…] [--record]',
    summary: 'bring in what `sources:` declares, if it is what is pinned or signed',
    arguments: [0, 1000],
    options: {
      record: { type: 'boolean', summary: 'fetch also what nothing pins, and tell the digest to pin' },
      force: { type: 'boolean', summary: 'fetch also what is here already' },
      ...shared,
    },
    load: async () => import('../commands/data-fetch.ts'),
  },
  {
    name: 'data watch',
    usage: '[SOURCE…] [--once|--every TIME]',
    summary: 'look at sources again, and sign what changed; nothing is replaced',
    arguments: [0, 1000],
    options: {
      once: { type: 'boolean', summary: 'look once (what it does without --every)' },
      every: { type: 'string', value: 'TIME', summary: 'look again and again, such as every 10m, until it is stopped' },
      full: { type: 'boolean', summary: 'read all bytes also where the server says that nothing changed' },
      ...shared,
    },
    load: async () => import('../commands/data-watch.ts'),
  },
];
