import type { Finding } from '@holdfast/evidence/check';
import { number } from '../drift/findings.ts';
import type { ColumnCoverage } from './column-coverage.ts';
import { clean, finding } from './finding.ts';
import { middleAndFar, neighbourRows } from './nearest.ts';
import type { InfiniteValues, ReferenceCoverage } from './reference-coverage.ts';
import { coverageRules } from './rules.ts';

/** Values that are named in a sentence. */
const mostNamed = 5;

interface Judging {
  readonly minCovered: number;
  /** Whether values of rows may be shown. */
  readonly isShown: boolean;
}

/** What has to be done first. */
export function referenceFindings(held: ReferenceCoverage, judging: Judging): Finding[] {
  return [
    ...held.columns.filter(({ covered }) => covered < judging.minCovered).map((each) => uncovered(each, judging)),
    ...held.columns.filter(({ foreign }) => foreign > 0).map((each) => unseen(each, judging)),
    ...held.infinite.map(infinite),
    ...held.more.map((name) =>
      finding(coverageRules.more, `the reference does not have \`${clean(name)}\``, `column ${name}`),
    ),
    ...held.identifiers.map((name) =>
      finding(coverageRules.identifier, `\`${clean(name)}\` tells rows apart and is not looked at`, `column ${name}`),
    ),
    ...distances(held),
  ];
}

function uncovered(
  { name, groups, without, covered, absent }: ColumnCoverage,
  { minCovered, isShown }: Judging,
): Finding {
  const message = `\`${clean(name)}\` covers ${percent(covered)} of the reference's values, less than ${percent(minCovered)}: ${without} of ${groups} categories or bins have no row${namesText(absent, without, isShown)}`;
  return finding(coverageRules.uncovered, message, `column ${name}`);
}

function unseen({ name, values, foreign, foreignNamed }: ColumnCoverage, { minCovered, isShown }: Judging): Finding {
  const isMuch = values - foreign < minCovered * values;
  const message = `${foreign} of ${values} values of \`${clean(name)}\` are none that the reference has${namesText(foreignNamed, foreignNamed.length, isShown)}`;
  return finding(isMuch ? coverageRules.unseen : coverageRules.fewUnseen, message, `column ${name}`);
}

function namesText(names: readonly string[], all: number, isShown: boolean): string {
  if (!isShown || names.length === 0) return '';
  const shown = names.slice(0, mostNamed).map((name) => `\`${clean(name, 60)}\``);
  return `: ${shown.join(', ')}${all > mostNamed ? ' …' : ''}`;
}

function infinite({ name, current, reference }: InfiniteValues): Finding {
  const message = `\`${clean(name)}\` has ${current} infinite values, ${reference} in the reference, which are not compared`;
  return finding(coverageRules.infinite, message, `column ${name}`);
}

function distances({ nearest, classifier, sampled, jointly }: ReferenceCoverage): Finding[] {
  const [here, usual] = [nearest?.table, nearest?.usual].map((each) => each && middleAndFar(each));
  return [
    ...(here === undefined || usual === undefined
      ? []
      : [
          finding(
            coverageRules.distance,
            `the nearest row of the reference is ${number(here.median)} away (median; 95 %: ${number(here.far)}), that of rows of the reference ${number(usual.median)} (${number(usual.far)}), by ${jointly} columns of at most ${neighbourRows} rows a table, those with the smallest hashes`,
          ),
        ]),
    ...(classifier === undefined
      ? []
      : [
          finding(
            coverageRules.distance,
            `rows are told from those of the reference with AUC ${number(classifier.auc)} (${number(classifier.interval.low)} to ${number(classifier.interval.high)})`,
          ),
        ]),
    ...(sampled === undefined
      ? []
      : [finding(coverageRules.sampled, `of columns of numbers about ${sampled} values stand for all`)]),
  ];
}

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
