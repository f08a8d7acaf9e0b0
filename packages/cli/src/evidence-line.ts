import type { GatewayResponse } from '@holdfast/evidence';
import type { ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import type { Switch } from '@holdfast/evidence/predicates/switch';
import { artifactId } from '@holdfast/evidence/statement';
import { shortHex } from './short-hex.ts';

/** One line about a piece of evidence: its place, its name, who, what about whom. */
export function evidenceLine(piece: ReadEvidence): string {
  const { index, id, signerName, statement } = piece;
  const [subject, ...more] = statement.subject;
  const about = subject?.name ?? (subject === undefined ? '' : artifactId(subject.digest).slice(0, 19));
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return `${String(index).padStart(4)}  ${shortHex(id)}  ${signerName.padEnd(10)}  ${wordsOf(piece)} ${about}${rest}`;
}

/** What it says, in two or three words. */
export function wordsOf(piece: ReadEvidence): string {
  const run = evidenceAs('run', piece);
  if (run !== undefined) return `run ${run.statement.predicate.buildDefinition.externalParameters.stage}:`;
  const check = evidenceAs('check', piece)?.statement.predicate;
  if (check !== undefined) return `check ${check.check.name} ${check.verdict}:`;
  const decision = evidenceAs('decision', piece)?.statement.predicate;
  if (decision !== undefined)
    return `gate to ${decision.holdfast_decision.environment} ${decision.verificationResult}:`;
  const event = evidenceAs('keyEvent', piece)?.statement.predicate;
  if (event !== undefined) return `${event.action} ${event.roles.join(', ')}:`;
  const access = evidenceAs('access', piece)?.statement.predicate;
  if (access !== undefined)
    return `${access.outcome === 'read' ? 'read' : 'refused'} for ${access.purpose.kind} ${access.purpose.name}:`;
  const quarantine = evidenceAs('quarantine', piece)?.statement.predicate;
  if (quarantine !== undefined) return `sets ${quarantine.setAside.rows} rows of ${quarantine.from.name} aside:`;
  const lineage = evidenceAs('columnLineage', piece)?.statement.predicate;
  if (lineage !== undefined) return `columns made from ${lineage.from.name}:`;
  const log = evidenceAs('requestLog', piece)?.statement.predicate;
  if (log !== undefined) return `${log.entries} requests to gateway ${log.gateway}:`;
  const serving = evidenceAs('serving', piece)?.statement.predicate;
  if (serving !== undefined) return `${serving.state} in ${serving.environment} by gateway ${serving.gateway}:`;
  const alert = evidenceAs('gatewayAlert', piece)?.statement.predicate;
  if (alert !== undefined) return `${alert.rule} ${alert.state} in ${alert.environment} by gateway ${alert.gateway}:`;
  const change = evidenceAs('switch', piece)?.statement.predicate;
  if (change !== undefined) return switchWords(change);
  const release = evidenceAs('release', piece)?.statement.predicate;
  if (release !== undefined) return `releases version ${release.version} for ${release.device}:`;
  const response = evidenceAs('gatewayResponse', piece)?.statement.predicate;
  if (response !== undefined) return `${responseWords(response)}:`;
  const tuning = evidenceAs('gatewayTuning', piece)?.statement.predicate;
  if (tuning !== undefined) return `acts on ${Math.round(100 * tuning.to)} % of the declared points, ${tuning.reason}:`;
  if (piece.kind === 'approval') return 'approves';
  return piece.kind === 'withdrawal' ? 'withdraws' : 'signs';
}

function switchWords({ route, weight, by }: Switch): string {
  const what =
    weight === 0 ? 'rolled back' : weight === 1 ? 'promoted' : `${Number((weight * 100).toFixed(2))} % of callers`;
  return `${what} on ${route} by ${by}:`;
}

const responseWords = ({ caller = 'everybody', to, reason, until }: GatewayResponse): string =>
  to === 'none' ? `${caller} is pardoned` : `${to} for ${caller} until ${until} (${reason})`;
