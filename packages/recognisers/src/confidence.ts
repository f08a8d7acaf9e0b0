import type { EntityType } from './entity-type.ts';
import type { Telling } from './form.ts';

/** Of other things that are written alike, how many are there for each that is meant: odds before anything is checked. */
const oddsOfForm: Readonly<Record<Telling, number>> = { bare: 0.001, grouped: 0.02, telling: 1 };

/** How much a word that goes with it changes the odds. */
const oddsOfContext = 1000;

/**
 * The probability that it is what it looks like, by Bayes' rule: the odds of the form, divided by the chance that something
 * else passes the check, times 1000 where a word that goes with it stands near. So eleven digits with two check digits and a
 * date (chance 1 in 3,000) are more likely than not an identity number wherever they stand; nine digits that pass Luhn's
 * formula (1 in 10) are only where something says so. The odds of forms and words are the house's estimates, not measured
 * on any one text; the chances are measured.
 * @returns from 0 to 0.999, in steps of a thousandth
 */
export function confidenceOf(type: EntityType, telling: Telling, hasContext: boolean): number {
  const odds = ((oddsOfForm[telling] * (type.prevalence ?? 1)) / type.chance) * (hasContext ? oddsOfContext : 1);
  return Math.min(0.999, Math.round((odds / (1 + odds)) * 1000) / 1000);
}
