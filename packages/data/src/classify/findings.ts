import type { Finding } from '@holdfast/evidence/check';
import { clean, finding } from '../coverage/finding.ts';
import { entityOf, inSentence } from '../pii/findings.ts';
import type { PersonalData } from '../pii/personal-data.ts';
import type { Classified, ClassifiedColumn } from './classified.ts';
import { isHigher, type Level, levelNumber } from './levels.ts';
import { type Named, namedBy } from './regimes.ts';
import { classifyRules } from './rules.ts';

/** Columns that are named for one reason. */
const mostNamed = 12;

/** What the artifact is, and why; what the declaration lacks comes first. */
export function classifyFindings(classified: Classified, data: PersonalData, declared: Level | undefined): Finding[] {
  return [
    ...declarationFindings(classified, declared),
    ...reasons(classified),
    ...regimeFindings(classified.columns),
    ...decisions(classified.columns),
    ...(data.finder === undefined
      ? [finding(classifyRules.freeText, 'names and addresses in free text are not looked for: no classifier is given')]
      : []),
  ];
}

function declarationFindings({ level }: Classified, declared: Level | undefined): Finding[] {
  if (declared !== undefined && isHigher(level, declared)) {
    return [finding(classifyRules.underDeclared, `it is declared \`${declared}\`, and holds what is ${level}`)];
  }
  if (declared !== undefined || levelNumber(level) < levelNumber('confidential')) return [];
  return [finding(classifyRules.undeclared, `it holds what is ${level}, and nothing is declared`)];
}

/** Of each kind at the highest level one sentence, with its columns. */
function reasons({ level, columns, why }: Classified): Finding[] {
  const highest = columns.filter((each) => each.level === level);
  if (highest.length === 0) return [finding(classifyRules.because, `it is ${level}: ${why}`)];
  return [...Map.groupBy(highest, ({ found }) => found.name)].map(([name, some]) => {
    const { title } = entityOf({ name });
    return finding(classifyRules.because, `it is ${level} by ${labels(some)}: ${inSentence(title)} (${name})`);
  });
}

function labels(columns: readonly ClassifiedColumn[]): string {
  const all = [...new Set(columns.map(({ found }) => `\`${found.label}\``))];
  return all.length <= mostNamed
    ? all.join(', ')
    : `${all.slice(0, mostNamed).join(', ')} and ${all.length - mostNamed} more`;
}

/** Of each passage of a law or a standard one sentence, with its columns. */
function regimeFindings(columns: readonly ClassifiedColumn[]): Finding[] {
  const all = columns.flatMap((column) => namedBy(entityOf(column.found)).map((named) => ({ named, column })));
  const key = ({ named }: { named: Named }): string => `${named.regime} ${named.source}`;
  return [...Map.groupBy(all, key)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([source, some]) =>
      finding(
        classifyRules.regime,
        `${source}, ${some[0]?.named.title ?? ''}: ${labels(some.map(({ column }) => column))}`,
      ),
    );
}

function decisions(columns: readonly ClassifiedColumn[]): Finding[] {
  return columns
    .filter(({ level, measured }) => level !== measured)
    .map(({ found, level, measured }) => {
      const label = clean(found.label);
      return finding(
        classifyRules.decided,
        `\`${label}\` (${found.name}) is ${level} by a rule, not ${measured}`,
        label,
      );
    });
}
