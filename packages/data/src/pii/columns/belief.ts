import { saidOutside } from '@holdfast/recognisers/context';
import { ContextWords } from '@holdfast/recognisers/context-words';
import { entityTypes } from '@holdfast/recognisers/entity-types';
import type { Telling } from '@holdfast/recognisers/form';
import type { ColumnKind, Sampled } from '../kinds/column-kind.ts';
import { shareOf } from '../kinds/column-kind.ts';
import { columnKinds, entities } from '../kinds/kinds.ts';
import { type Header, readHeader, type Said } from './header.ts';
import { allWholeForms, type WholeForms } from './whole-forms.ts';

/**
 * How probable it is that a column holds one thing, by Bayes' rule: odds by its name, times what each cell changes them. A cell
 * of the thing fits in 97 of 100 cases, whatever it is; one of something else by the chance that is known of the check. Cells of
 * a column are alike and not independent, so that at most thirty different ones count, and twelve where no check is behind them.
 */
export interface Belief {
  /** The name of an entity. */
  readonly name: string;
  /** The natural logarithm of its odds against everything else. */
  readonly logOdds: number;
  /** The part of the cells that fits. */
  readonly share: number;
  readonly why: readonly string[];
}

const isIt = 0.97;
const mostChecked = 30;
const mostLooked = 12;
/** A check that this many pass says nothing the second time. */
const weakChance = 0.3;
/** The most that cells without a check can say. */
const mostByLooks = Math.log(30);

/** Odds of a form before anything is checked, as in the recognisers; cells that are one after the other written so say more. */
const oddsOfForm: Readonly<Record<Telling, number>> = { bare: 0.001, grouped: 0.02, telling: 1 };
const oddsOfName = 1000;
/** Odds of a column that is called so, wholly or among other words. */
const called = { all: 12, part: 1.5 } as const;

let words: ContextWords | undefined;

/** What the words of a name speak for, by entity type. */
function spokenFor(name: string): ReadonlyMap<string, string> {
  words ??= new ContextWords(entityTypes);
  return new Map([...saidOutside(words, name)].map(([type, word]) => [type.name, word]));
}

/** Everything that a column may be, the likeliest first. */
export function beliefsOf(name: string, sampled: Sampled): Belief[] {
  if (sampled.cells.length === 0) return [];
  const header = readHeader(name);
  const said = spokenFor(name);
  // A name that speaks for a number with a check digit does not speak for what is only called alike.
  const isSpecific = allWholeForms.some(({ type }) => type.checksum !== undefined && said.has(type.name));
  const beliefs = [
    ...allWholeForms.flatMap((forms) => byForm(forms, said.get(forms.type.name), sampled) ?? []),
    ...columnKinds.flatMap((kind) => byName(kind, header, sampled, isSpecific) ?? []),
  ];
  const best = new Map<string, Belief>();
  for (const belief of beliefs) {
    const other = best.get(belief.name);
    if (other === undefined || belief.logOdds > other.logOdds) best.set(belief.name, belief);
  }
  return [...best.values()].sort(likelier);
}

/** Of two that are as likely, such as numbers of people and companies with the same check digit, the one that is about people. */
function likelier(one: Belief, other: Belief): number {
  const isPii = ({ name }: Belief): number => (entities.get(name)?.classes.includes('pii') === true ? 1 : 0);
  const difference = other.logOdds - one.logOdds;
  return Math.abs(difference) > 0.5 ? difference : isPii(other) - isPii(one) || difference;
}

/** By how cells are written, and by the check that they pass. */
function byForm(forms: WholeForms, word: string | undefined, { different }: Sampled): Belief | undefined {
  const { type } = forms;
  const some = different.slice(0, 200);
  const fits = some.map((cell) => forms.fitOf(cell));
  const part = (fit: string): number => fits.filter((each) => each === fit).length / some.length;
  const [passes, fails] = [part('passes'), part('fails')];
  if (passes === 0) return undefined;
  const first = some[fits.indexOf('passes')] ?? '';
  const prior = Math.log(
    oddsOfForm[forms.tellingOf(first)] * (type.prevalence ?? 1) * (word === undefined ? 1 : oddsOfName),
  );
  const count = Math.min(some.length, mostChecked);
  const once = type.chance >= weakChance ? 1 : count * passes;
  const checked = once * Math.log(isIt / type.chance);
  const wrong = count * fails * Math.log((1 - isIt) / Math.max(1 - type.chance, 0.01));
  const others = count * (1 - passes - fails) * Math.log(0.04);
  return {
    ...{ name: type.name, logOdds: prior + checked + Math.min(0, wrong) + others, share: passes },
    why: [
      ...(type.checksum === undefined ? ['form'] : [type.checksum]),
      ...(word === undefined ? [] : [`name of the column (${word})`]),
    ],
  };
}

/** By what a column is called, and by the look of its cells. */
function byName(kind: ColumnKind, header: Header, sampled: Sampled, isSpecific: boolean): Belief | undefined {
  const said = saidOf(kind, header, isSpecific);
  const prior = said === 'nothing' ? (kind.alone ?? 0) : called[said];
  if (prior === 0) return undefined;
  const { different } = sampled;
  const share = shareOf(different, (text) => text.length <= longestLooked && kind.fits(text));
  if (share === 0) return undefined;
  const count = Math.min(different.length, mostLooked);
  const looks =
    count *
    (share * Math.log(0.95 / Math.min(kind.chance, 0.95)) +
      (1 - share) * Math.log(0.05 / Math.max(1 - kind.chance, 0.05)));
  const weighed = Math.log(kind.weigh?.(sampled) ?? 1);
  return {
    ...{ name: kind.name, logOdds: Math.log(prior) + Math.min(looks, mostByLooks) + weighed, share },
    why: said === 'nothing' ? ['values'] : ['name of the column', 'values'],
  };
}

const longestLooked = 200;

function saidOf({ headers, only, against, classes }: ColumnKind, header: Header, isSpecific: boolean): Said {
  if (against !== undefined && against.saidBy(header) !== 'nothing') return 'nothing';
  const said = headers.saidBy(header);
  if (said === 'part' && isSpecific && classes.includes('hipaa')) return 'nothing';
  return said === 'nothing' && only?.saidBy(header) === 'all' ? 'all' : said;
}

/** The probabilities of beliefs that exclude each other, beside that it is none of them. */
export function probabilities(beliefs: readonly Belief[]): number[] {
  const odds = beliefs.map(({ logOdds }) => Math.exp(Math.min(60, logOdds)));
  const all = odds.reduce((sum, each) => sum + each, 1);
  return odds.map((each) => Math.min(0.999, Math.round((each / all) * 1000) / 1000));
}
