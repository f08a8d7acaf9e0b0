import type { EntityType } from '@holdfast/recognisers/entity-type';
import { entityTypes } from '@holdfast/recognisers/entity-types';
import type { Telling } from '@holdfast/recognisers/form';

/** What a cell is to an entity type: written so and checked, written so and wrong, or something else. */
export type Fit = 'passes' | 'fails' | 'other';

/** Tells of whole cells what they are; the recognisers tell what stands somewhere in a text. */
export interface WholeForms {
  readonly type: EntityType;
  readonly fitOf: (cell: string) => Fit;
  /** How much the form of a cell says that has one. */
  readonly tellingOf: (cell: string) => Telling;
}

interface Compiled {
  readonly telling: Telling;
  /** The value as the check wants it; nothing where the cell is not written so. */
  read(cell: string): string | undefined;
}

/** The longest cell that is taken as one. */
export const longestCell = 200;

const compacted = (text: string): string => text.replaceAll(/[ \-./]/g, '').toUpperCase();

const signs: Readonly<Record<string, string>> = { '#': '[0-9]', A: '[A-Za-z]', '*': '[0-9A-Za-z]', '@': '[0-9A-Z]' };

/** The pattern of a layout, for the whole of a cell. */
export function layoutPattern(notation: string): RegExp {
  const source = Array.from(notation, (sign) => signs[sign] ?? sign.replace(/[.*+?^${}()|[\]\\/]/, '\\$&')).join('');
  return new RegExp(`^${source}$`);
}

function compile(form: EntityType['forms'][number]): Compiled {
  const { telling } = form;
  if (form.kind === 'layout') {
    const pattern = layoutPattern(form.name);
    const { length } = form.name;
    return { telling, read: (cell) => (cell.length === length && pattern.test(cell) ? compacted(cell) : undefined) };
  }
  const pattern = new RegExp(form.exact, form.flags);
  return {
    telling,
    read: (cell) => {
      if (cell.length > form.longest) return undefined;
      const match = pattern.exec(cell);
      const value = match?.[1] ?? match?.[0];
      if (value !== cell) return undefined;
      return form.compact ? compacted(value) : value;
    },
  };
}

function wholeForms(type: EntityType): WholeForms {
  const forms = type.forms.map(compile);
  const found = (cell: string): { form: Compiled; value: string } | undefined => {
    for (const form of forms) {
      const value = form.read(cell);
      if (value !== undefined) return { form, value };
    }
    return undefined;
  };
  return {
    type,
    fitOf(cell) {
      const read = found(cell);
      if (read === undefined) return 'other';
      return type.check?.(read.value) === false ? 'fails' : 'passes';
    },
    tellingOf: (cell) => found(cell)?.form.telling ?? 'bare',
  };
}

/** Of every entity type. */
export const allWholeForms: readonly WholeForms[] = entityTypes.map(wholeForms);

const byName = new Map(allWholeForms.map((forms) => [forms.type.name, forms]));

export const wholeFormsOf = (name: string): WholeForms | undefined => byName.get(name);
