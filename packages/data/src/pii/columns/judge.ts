import type { Sampled } from '../kinds/column-kind.ts';
import { columnKinds } from '../kinds/kinds.ts';
import { type Belief, beliefsOf, probabilities } from './belief.ts';
import { type Held, isOf, type LookedColumn } from './looked-column.ts';
import { allWholeForms, wholeFormsOf } from './whole-forms.ts';

/** What a sample says of a column before all of it is looked at. */
export interface Judgement {
  readonly held: Held | undefined;
  readonly refuted: ReadonlySet<string>;
}

/** Cells that are written so before a check that they fail counts against them. */
const enough = 8;

/** @param least the probability from which on something is held to be */
export function judge({ header }: LookedColumn, sampled: Sampled, least: number): Judgement {
  return { held: heldOf(beliefsOf(header, sampled), least), refuted: refutedBy(sampled) };
}

/**
 * The likeliest, where it is likely enough. Numbers of several countries can be written and checked alike: then it is enough that
 * it is one of them.
 */
function heldOf(beliefs: readonly Belief[], least: number): Held | undefined {
  const [best] = beliefs;
  if (best === undefined) return undefined;
  const all = probabilities(beliefs);
  const [confidence = 0] = all;
  const isChecked = beliefs.map(({ name }) => wholeFormsOf(name)?.type.checksum !== undefined);
  const together =
    isChecked[0] === true ? all.reduce((sum, each, at) => sum + (isChecked[at] === true ? each : 0), 0) : confidence;
  if (together < least) return undefined;
  const kind = columnKinds.find(({ name }) => name === best.name);
  return { name: best.name, confidence, why: best.why, is: isOf(wholeFormsOf(best.name), kind) };
}

/** Kinds whose check whole cells pass about as often as anything would. */
function refutedBy({ different }: Sampled): Set<string> {
  const refuted = new Set<string>();
  for (const { type, fitOf } of allWholeForms) {
    if (type.chance >= 0.5) continue;
    const fits = different.map((cell) => fitOf(cell)).filter((fit) => fit !== 'other');
    if (fits.length < enough) continue;
    const passes = fits.filter((fit) => fit === 'passes').length;
    const fails = fits.length - passes;
    const log = passes * Math.log(0.97 / type.chance) + fails * Math.log(0.03 / (1 - type.chance));
    if (log < 0) refuted.add(type.name);
  }
  return refuted;
}
