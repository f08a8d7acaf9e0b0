import type { CommandDescription, CommandOption } from '../command.ts';

const reason: CommandOption = { type: 'string', value: 'TEXT', summary: 'why, for those who will ask' };
const key: CommandOption = {
  type: 'string',
  value: 'NAME',
  summary: 'sign with this key (default: an approver, builder or checker)',
};

/** Commands that say which model of a route answers. */
export const switchCommands: readonly CommandDescription[] = [
  {
    name: 'gateway rollback',
    usage: 'ROUTE',
    summary: 'take the candidate of a route back: it answers nobody',
    arguments: [1, 1],
    options: {
      reason,
      key,
    },
    load: async () => import('../commands/gateway-rollback.ts'),
  },
  {
    name: 'gateway promote',
    usage: 'ROUTE',
    summary: 'give the candidate of a route everybody, or more callers',
    arguments: [1, 1],
    options: {
      weight: { type: 'string', value: 'SHARE', summary: 'of the callers, such as 0.25 (default: 1, everybody)' },
      reason,
      key,
    },
    load: async () => import('../commands/gateway-promote.ts'),
  },
];
