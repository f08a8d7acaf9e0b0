import type { EntityClass } from '@holdfast/recognisers/entity-type';
import { entityTypes } from '@holdfast/recognisers/entity-types';
import { attributes } from './attributes.ts';
import type { ColumnKind } from './column-kind.ts';
import { numbers } from './numbers.ts';
import { people } from './people.ts';
import { places } from './places.ts';

/** What is found by the name of a column and its values. */
export const columnKinds: readonly ColumnKind[] = [...people, ...places, ...attributes, ...numbers];

/** Something that can be found, whichever way. */
export interface Entity {
  readonly name: string;
  readonly title: string;
  readonly classes: readonly EntityClass[];
  readonly hipaa?: string;
  readonly reference: string;
}

const known = new Map<string, Entity>();
for (const { name, title, classes, hipaa, reference } of [...entityTypes, ...columnKinds]) {
  if (!known.has(name)) known.set(name, { name, title, classes, reference, ...(hipaa === undefined ? {} : { hipaa }) });
}

/** Everything that can be found, by its name. */
export const entities: ReadonlyMap<string, Entity> = known;
