import { CellFailure } from '../cells/cell-failure.ts';
import { visibleCharacters } from '../cells/visible-characters.ts';
import { type Method, readable } from './method.ts';

interface PrefixParameters {
  readonly characters: number;
  readonly with: string;
}

/** The first characters of a text, and nothing of how long it was. */
export const prefix: Method<PrefixParameters> = {
  title: 'the first characters, and nothing of the rest',
  parameters: {
    properties: {
      characters: { type: 'integer', minimum: 1, maximum: 64 },
      with: { type: 'string', maxLength: 8, default: '*', description: 'what stands for the rest' },
    },
    required: ['characters'],
  },
  types: readable,
  make: ({ characters, with: rest }) => ({
    ...{ beside: [], type: 'VARCHAR' },
    transform(text) {
      const all = visibleCharacters(text);
      return all.length <= characters ? new CellFailure('too-short') : all.slice(0, characters).join('') + rest;
    },
  }),
};
