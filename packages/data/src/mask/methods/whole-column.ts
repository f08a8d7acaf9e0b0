import type { Method } from './method.ts';

/** The column as it is: what is kept is said. */
export const keep: Method = {
  title: 'left as it is',
  parameters: { properties: {} },
  make: () => ({ beside: [], mayStay: true, transform: (text) => text }),
};

/** The column goes; {@link Method.make} is never asked. */
export const drop: Method = {
  title: 'the column is left out',
  parameters: { properties: {} },
  make: () => ({ beside: [], takesMissing: true, transform: () => null }),
};

interface RedactParameters {
  readonly with?: string;
}

/** Every cell becomes the same: missing, or a text. So do missing cells, or who lacks a value would be told. */
export const redact: Method<RedactParameters> = {
  title: 'every cell is emptied, or replaced by one text',
  parameters: { properties: { with: { type: 'string', minLength: 1, maxLength: 200 } } },
  make({ with: text }) {
    if (text === undefined) return { beside: [], takesMissing: true, transform: () => null };
    return { beside: [], type: 'VARCHAR', takesMissing: true, mayStay: true, transform: () => text };
  },
};
