import type { ColumnValues } from '../hierarchy/column-values.ts';
import type { Hierarchy } from '../hierarchy/hierarchy.ts';
import type { Classes, Combinations } from '../search/classes.ts';
import { loss, nonUniformEntropy, precision } from './cell-utility.ts';
import { classSize, discernibility } from './class-utility.ts';

export const utilityNames = ['loss', 'precision', 'entropy', 'discernibility', 'class-size'] as const;
export type UtilityName = (typeof utilityNames)[number];

/** What a table lost by being generalised and suppressed: less is better. */
export interface Utility {
  readonly name: UtilityName;
  /** By quasi-identifier and code of a value: what {@link Classes.weights} sums over the rows. */
  readonly weights?: readonly Float64Array[];
  /**
   * What the levels cost, whatever is suppressed: a bound for the table on these levels and on all coarser ones; 0 where levels do not
   * tell.
   */
  ofLevels(levels: readonly number[]): number;
  /** The same of classes, which tell more. */
  least(classes: Classes): number;
  /** What is lost. @param kept 1 for each class that is published, 0 for one that is suppressed */
  score(classes: Classes, kept: Uint8Array, codes: Combinations['codes']): number;
}

/** The columns that a utility is about. */
export interface UtilityScene {
  readonly hierarchies: readonly Hierarchy[];
  readonly values: readonly Pick<ColumnValues, 'counts'>[];
  readonly rows: number;
}

const made: Readonly<Record<UtilityName, (scene: UtilityScene) => Utility>> = {
  loss,
  precision,
  entropy: nonUniformEntropy,
  discernibility,
  'class-size': classSize,
};

/** The utility of a name. */
export const utilityOf = (name: UtilityName, scene: UtilityScene): Utility => made[name](scene);
