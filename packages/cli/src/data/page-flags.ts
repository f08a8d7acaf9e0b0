import type { CommandOption } from '../command.ts';

/** A form that other people read, beside the report. */
export type Form = 'page' | 'croissant';

/** Files that checks of data write beside their reports, by the name of the check. */
export const pageFlags: Readonly<Record<string, Partial<Record<Form, CommandOption>>>> = {
  'data.profile': {
    page: { type: 'string', value: 'FILE', summary: 'write the profile as one page of HTML' },
    croissant: { type: 'string', value: 'FILE', summary: 'write it as Croissant 1.1 metadata (JSON-LD)' },
  },
  'data.coverage': {
    page: { type: 'string', value: 'FILE', summary: 'write the report as one page of HTML with pictures' },
  },
  'data.drift': {
    page: { type: 'string', value: 'FILE', summary: 'write what changed as one page of HTML, with pictures' },
  },
  'data.poison': {
    page: {
      type: 'string',
      value: 'FILE',
      summary: 'write the report as one page of HTML; triggers in pictures are drawn',
    },
  },
};
