import { DataError } from '../../errors.ts';
import { CellFailure } from '../cells/cell-failure.ts';
import type { Method } from './method.ts';

interface HierarchyParameters {
  readonly name: string;
  readonly level: number;
}

/** Values become what a hierarchy says on one level: a profession its field, a town its county. */
export const hierarchy: Method<HierarchyParameters> = {
  title: 'values become what a file with hierarchies says',
  parameters: {
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 200, description: 'of the hierarchy in the file' },
      level: { type: 'integer', minimum: 1, maximum: 32, default: 1 },
    },
    required: ['name'],
  },
  make({ name, level }, context) {
    const found = context.hierarchy(name);
    if (level > found.levels) {
      const message = `the hierarchy \`${name}\` has ${found.levels} levels: \`${context.column.name}\` asks for level ${level}`;
      throw new DataError('HF_DATA_MASK_PLAN', message);
    }
    return {
      ...{ beside: [], type: 'VARCHAR' },
      transform: (text) => found.values.get(text)?.[level - 1] ?? new CellFailure('not-in-hierarchy'),
    };
  },
};
