import type { Finding, Report } from '@holdfast/evidence/check';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { KnownBytes } from './known-bytes.ts';
import type { Received } from './receive.ts';
import { findingOf } from './source-report.ts';
import { sourceRules } from './source-rules.ts';

const mostMetrics = 20;

/**
 * What is different about the bytes that a source gives now.
 *
 * @param profile of these bytes, where somebody looked into them; compared with the profile of those before
 */
export function changesOf(
  known: KnownBytes,
  now: Received,
  profile: Report | undefined,
  view: EvidenceView,
): readonly Finding[] {
  const size = known.bytes === undefined ? '' : ` (${known.bytes} bytes)`;
  const told = `the bytes are ${now.sha256} (${now.bytes} bytes); they were ${known.sha256}${size}`;
  const bytes = findingOf(sourceRules.changed, told);
  if (profile === undefined) return [bytes];
  const differences = metricDifferences(profileOf(known.sha256, profile, view), profile.metrics);
  const told2 = differences.length === 0 ? [] : [findingOf(sourceRules.changed, differences.join('; '))];
  const left = profile.coverage.left.map((line) => findingOf(sourceRules.changed, line));
  return [bytes, ...told2, ...left, ...profile.findings];
}

/** The metrics of the newest report on earlier bytes that measured the same things. */
function profileOf(sha256: string, profile: Report, view: EvidenceView): Readonly<Record<string, number>> {
  const names = Object.keys(profile.metrics);
  const found = view.evidence.findLast((piece) => {
    const report = evidenceAs('check', piece)?.statement;
    const isSame = report?.subject.some(({ digest }) => digest['sha256'] === sha256) === true;
    return isSame && names.some((name) => Object.hasOwn(report.predicate.metrics, name) && name !== 'bytes');
  });
  return (found === undefined ? undefined : evidenceAs('check', found)?.statement.predicate.metrics) ?? {};
}

function metricDifferences(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): string[] {
  const changed = Object.entries(now).filter(([name, value]) => Object.hasOwn(before, name) && before[name] !== value);
  const told = changed.slice(0, mostMetrics).map(([name, value]) => `${name}: ${before[name] ?? ''} → ${value}`);
  return changed.length > mostMetrics ? [...told, `and ${changed.length - mostMetrics} more`] : told;
}
