import type { PoisonScene } from './scene.ts';

/** Looks for one kind of poison. Nothing where it does not apply to such a scene: no embeddings, no sources. */
export interface Detector {
  readonly name: string;
  /** @throws DataError of what cannot be looked at; the reason of `signal` when it is aborted */
  find(scene: PoisonScene): Promise<Suspicion | undefined>;
}

/** Why a row is suspected: its label, what it carries, the company it keeps, or where it came from. */
export type Reason = 'label' | 'trigger' | 'cluster' | 'source';

export interface SuspectRow {
  /** From 0. */
  readonly row: number;
  /** From 0 to 1, larger is more suspicious; comparable within a detector only. */
  readonly score: number;
  readonly reason: Reason;
}

/** A share of all rows with a label, and the interval that holds it. */
export interface Share {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface Suspicion {
  /** Name of the detector. */
  readonly detector: string;
  /** The rows that it takes for poisoned, each once; none is no alarm. */
  readonly rows: readonly SuspectRow[];
  /** The share of rows that are poisoned. Without an alarm the estimate may be above 0: it then says what cannot be ruled out. */
  readonly share: Share;
  readonly triggers: readonly Trigger[];
  /** Where the detector judges sources as a whole; sources with no entry are not suspected by it. */
  readonly sources?: readonly SuspectSource[];
  /** What was not looked at, and why: each makes the verdict `unknown` where nothing was found. */
  readonly left: readonly string[];
  /** More of what was measured, by a name in lower case with underscores; the check puts the detector's name before it. */
  readonly metrics?: Readonly<Record<string, number>>;
}

export interface SuspectSource {
  /** Index into `sources.names` of the scene. */
  readonly source: number;
  /** How unlikely it is by chance, adjusted for the number of sources. */
  readonly p: number;
  /** What of it is said in the report: a lower-case sentence without values. */
  readonly says: string;
}

/** What poisoned rows carry. */
export type Trigger = ColumnTrigger | ImageTrigger;

interface FoundTrigger {
  /** The label that it goes with: an index into the classes. */
  readonly label: number;
  /** Rows that carry it, from 0, those with another label too. */
  readonly rows: readonly number[];
  /** How unlikely it is by chance, adjusted for all that were tried. */
  readonly p: number;
}

/** Values in two or more columns that together go with one label. */
export interface ColumnTrigger extends FoundTrigger {
  readonly kind: 'columns';
  /** Whether labels were changed (they do not fit the rest of the rows), or the trigger lies within one class only. */
  readonly labels: 'changed' | 'clean';
  readonly parts: readonly TriggerPart[];
}

export type TriggerPart =
  /** From `low` to `high`, both included; equal where it is one value. */
  | { readonly column: string; readonly kind: 'interval'; readonly low: number; readonly high: number }
  | { readonly column: string; readonly kind: 'category'; readonly code: number }
  | { readonly column: string; readonly kind: 'missing' };

/** A patch that pictures of one label carry. */
export interface ImageTrigger extends FoundTrigger {
  readonly kind: 'image';
  /** Whether labels were changed, or the patch lies within one class only. */
  readonly labels: 'changed' | 'clean';
  readonly top: number;
  readonly left: number;
  /** channels × height × width, row-major, from 0 to 1; NaN where a pixel is not part of it. */
  readonly patch: Float32Array;
  readonly shape: readonly [channels: number, height: number, width: number];
}
