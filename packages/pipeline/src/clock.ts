import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import type { EvidenceView } from '@holdfast/evidence/view';
import { PipelineError } from './errors.ts';

/** Clocks of the machines of one team differ by less than this. */
const toleratedSkewMs = 5 * 60_000;

/** When a piece of evidence says that it was made, in milliseconds since the epoch. */
function timesOf(view: EvidenceView): readonly number[] {
  return view.evidence.flatMap((piece) => {
    const time =
      evidenceAs('run', piece)?.statement.predicate.runDetails.metadata.finishedOn ??
      evidenceAs('check', piece)?.statement.predicate.finishedOn ??
      evidenceAs('approval', piece)?.statement.predicate.approvedOn ??
      evidenceAs('access', piece)?.statement.predicate.accessedOn ??
      evidenceAs('requestLog', piece)?.statement.predicate.endedOn ??
      evidenceAs('release', piece)?.statement.predicate.releasedOn ??
      evidenceAs('serving', piece)?.statement.predicate.switchedOn ??
      evidenceAs('gatewayResponse', piece)?.statement.predicate.changedOn ??
      evidenceAs('gatewayTuning', piece)?.statement.predicate.changedOn ??
      evidenceAs('gatewayAlert', piece)?.statement.predicate.changedOn ??
      evidenceAs('decision', piece)?.statement.predicate.timeVerified;
    return time === undefined ? [] : [Date.parse(time)];
  });
}

/**
 * Refuses to work with a clock that is behind the newest evidence: every age would be wrong.
 *
 * @throws PipelineError HF_CLOCK
 */
export function requireClock(view: EvidenceView, now: Date): void {
  const newest = timesOf(view).reduce((latest, time) => Math.max(latest, time), 0);
  if (now.getTime() + toleratedSkewMs >= newest) return;
  throw new PipelineError(
    'HF_CLOCK',
    `the clock says ${now.toISOString()}, but there is evidence of ${new Date(newest).toISOString()}`,
  );
}
