import { multiples } from './probes.ts';
import { isRight, type RowResult, withstands } from './row-result.ts';
import { memberCounts, type TrialResult } from './trial-result.ts';

/** A share of the rows from which on a sign is more than chance; of few rows, so many of them. */
const [noticeable, fewest, many] = [0.02, 3, 0.05] as const;

/**
 * Signs that gradients mislead, each with its evidence (Athalye et al., arXiv:1802.00420, section 3.1; Carlini et al.,
 * arXiv:1902.06705, section 5).
 */
export function signsOfMasking(result: TrialResult): string[] {
  if (result.rows.length === 0) return [];
  const signs = [blackBoxIsBetter, roomDoesNotHelp, oneStepIsBetter, gradientsAreZero, moreRoomIsWorse, suiteMisses];
  return signs.flatMap((sign) => sign(result) ?? []);
}

type Sign = (result: TrialResult) => string | undefined;

const share = (count: number, rows: readonly RowResult[]): number => count / rows.length;
const isNoticeable = (count: number, rows: readonly RowResult[]): boolean =>
  count >= fewest && share(count, rows) > noticeable;

/** What needs no gradient breaks what those with gradients, which were tried before, had left. */
const blackBoxIsBetter: Sign = (result) => {
  const counts = memberCounts(result);
  const first = counts.findIndex(({ usesGradient }) => usesGradient);
  // AutoAttack warns from 0.2 points on: its Square comes after attacks that leave next to nothing to it.
  const least = result.options.suite === 'standard' ? 0.002 : many;
  const blind = counts.find(
    ({ usesGradient, broke }, place) => !usesGradient && place > first && share(broke, result.rows) > least,
  );
  if (first < 0 || blind === undefined) return undefined;
  return `\`${blind.name}\`, which needs no gradient, broke ${blind.broke} of the ${blind.tried} rows that attacks with gradients had left`;
};

const roomDoesNotHelp: Sign = ({ rows, radii }) => {
  const left = rows.filter((row) => isRight(row) && row.at?.at(-1) === false).length;
  if (radii.length === 0 || share(left, rows) <= many) return undefined;
  return `room does not help: where every number may change by half of its range, ${left} rows withstand still`;
};

const atOwnRadius = multiples.indexOf(1);

const oneStepIsBetter: Sign = ({ rows, radii }) => {
  const only = (one: boolean): number =>
    rows.filter(({ oneStep, at }) => oneStep === one && at?.[atOwnRadius] === !one).length;
  const [single, several] = [only(true), only(false)];
  if (radii.length === 0 || !isNoticeable(single - several, rows)) return undefined;
  return `a single step breaks ${single} rows that 20 smaller ones do not; the other way round it is ${several}`;
};

const gradientsAreZero: Sign = ({ rows }) => {
  const [right, blank] = [rows.filter(isRight).length, rows.filter((row) => isRight(row) && row.blank === true).length];
  if (!isNoticeable(blank, rows)) return undefined;
  return `the gradient is zero, or no number, at ${blank} of the ${right} rows that are right`;
};

/** The radii grow up to the last but one; the last is the widest, and may be below them. */
const moreRoomIsWorse: Sign = ({ rows, radii }) => {
  const broken = radii.slice(0, -1).map((_, place) => rows.filter(({ at }) => at?.[place] === true).length);
  const drops = broken.slice(1).map((count, place) => ({ place, lost: (broken[place] ?? 0) - count }));
  const worst = drops.sort((a, b) => b.lost - a.lost)[0];
  if (worst === undefined || !isNoticeable(worst.lost, rows)) return undefined;
  const [from, to] = [radii[worst.place], radii[worst.place + 1]].map((radius) => Number(radius?.toPrecision(4)));
  return `more room is worse: ${broken[worst.place]} rows break at ε = ${from}, and ${broken[worst.place + 1]} at ε = ${to}`;
};

const suiteMisses: Sign = (result) => {
  const missed = missedBySuite(result);
  // who asks for a weak attack alone learns of the attack, not of the model
  if (result.options.attack !== undefined) return undefined;
  if (missed < fewest || share(missed, result.rows) <= many) return undefined;
  return `${missed} rows that every attack of the suite left have smaller changes that break them`;
};

/** Rows that withstand the suite, and for which other attacks of the trial found a change within the radius. */
export function missedBySuite({ rows, options }: TrialResult): number {
  return rows.filter((row) => withstands(row) && row.least !== undefined && row.least <= options.ball.epsilon).length;
}
