import type { Dimension } from '@holdfast/onnx';
import type { Datatype } from '../../protocols/inference.ts';

/** One tensor that the model takes. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** The first dimension counts rows; equal names are equal sizes, `null` may be any. Absent: not even the rank is known. */
  readonly shape?: readonly Dimension[];
}

/** What one feature may be: an element of each row of an input. */
export interface FeatureBounds {
  /** Its name, for people. */
  readonly feature: string;
  /** The input's place in `inputs`, and the element's place in a row of it. */
  readonly input: number;
  readonly at: number;
  readonly least?: number;
  readonly greatest?: number;
  /** Numbers without a fraction only. */
  readonly isWhole: boolean;
  /** Whether NaN, or an empty text, is let through. */
  readonly mayBeMissing: boolean;
  /** All texts that it may be. */
  readonly categories?: readonly string[];
}

/** What a model takes: plain JSON, to be shown, stored or signed. */
export interface InputSchema {
  readonly inputs: readonly InputTensor[];
  readonly features: readonly FeatureBounds[];
  /** What is not bounded by values, and why: a line each. */
  readonly left: readonly string[];
}
