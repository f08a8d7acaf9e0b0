import type { CommandOption } from '../command.ts';

/** Files that `data profile` writes beside its report, in the forms that other people read. */
export const profileFlags: Readonly<Record<'page' | 'croissant', CommandOption>> = {
  page: { type: 'string', value: 'FILE', summary: 'write the profile as one page of HTML' },
  croissant: { type: 'string', value: 'FILE', summary: 'write it as Croissant 1.1 metadata (JSON-LD)' },
};

/** Files that a check writes beside its report, by the name of the check. */
export const fileFlags: Readonly<Record<string, Readonly<Record<string, CommandOption>>>> = {
  'data.profile': profileFlags,
  'data.coverage': {
    page: { type: 'string', value: 'FILE', summary: 'write the report as one page of HTML with pictures' },
  },
};
