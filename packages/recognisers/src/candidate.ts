import type { EntityType } from './entity-type.ts';
import type { Why } from './finding.ts';

/** Something that may be reported, unless another one that overlaps it is better. Offsets are of the folded text. */
export interface Candidate {
  readonly type: EntityType;
  /** The place of the type in the table. */
  readonly rank: number;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  readonly why: Why;
}
