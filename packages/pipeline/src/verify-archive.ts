import { openArchive } from '@holdfast/evidence/archive';
import type { DecisionPredicate } from '@holdfast/evidence/predicates/decision';
import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import type { Trust } from '@holdfast/evidence/trust';
import { type EvidenceView, verifyLedger, viewAt } from '@holdfast/evidence/view';
import { type LedgerReader, openLedgerReader } from '@holdfast/ledger/ledger-reader';
import { nodeCryptography } from '@holdfast/ledger/node-cryptography';
import { replayDecision } from '@holdfast/policy/replay';
import { PipelineError } from './errors.ts';

export interface VerifiedArchive {
  readonly view: EvidenceView;
  readonly decisions: readonly ReplayedDecision[];
  readonly postQuantum: boolean;
}

export interface ReplayedDecision {
  readonly id: string;
  readonly index: number;
  readonly artifact: string;
  readonly environment: string;
  readonly result: 'PASSED' | 'FAILED';
  /** Why it does not come out again; absent when it does. */
  readonly problem?: string;
}

/**
 * Verifies an archive with nothing but a trust file: the ledger, every piece of evidence, and every decision in it,
 * computed again from the evidence of its time.
 */
export async function verifyArchive(file: string, trust: Trust): Promise<VerifiedArchive> {
  const archive = await openArchive(file);
  const known = trust.ledgers.find(({ origin }) => origin === archive.origin);
  if (known === undefined) {
    throw new PipelineError('HF_CONFIG_INVALID', `the trust file does not name the ledger \`${archive.origin}\``, {
      fix: 'add the ledger to the trust file, if you know who runs it',
    });
  }
  const { origin, verifierKeys } = known;
  const reader = await openLedgerReader(archive.tiles, { origin, verifierKeys, requireAll: true });
  const view = await verifyLedger(reader, archive.evidence, trust, nodeCryptography);
  const postQuantum = reader.checkpoint.signatures.some(({ key }) => key.type === mlDsa44);
  return { view, decisions: await replayDecisions(view, reader), postQuantum };
}

/** C2SP tlog-cosignature, signature type of ML-DSA-44. */
const mlDsa44 = 0x06;

/**
 * Computes the decisions of a ledger again, each from the ledger as it was then.
 *
 * @param only the id of one decision; absent: all
 */
export async function replayDecisions(
  view: EvidenceView,
  reader: LedgerReader,
  only?: string,
): Promise<readonly ReplayedDecision[]> {
  const replayed: ReplayedDecision[] = [];
  for (const decision of view.evidence.flatMap((piece) => evidenceAs('decision', piece) ?? [])) {
    if (only !== undefined && decision.id !== only) continue;
    const { predicate } = decision.statement;
    const summary = {
      id: decision.id,
      index: decision.index,
      artifact: predicate.resourceUri,
      environment: predicate.holdfast_decision.environment,
      result: predicate.verificationResult,
    };
    const problem = await problemOf(async () => {
      const { size } = predicate.holdfast_decision.ledger;
      if (size > decision.index)
        throw new PipelineError('HF_DECISION_REPLAY', 'the decision names a ledger that did not exist yet');
      requireAsker(decision);
      replayDecision(decision.statement, viewAt(view, size, await reader.rootAt(size)));
    });
    replayed.push(problem === undefined ? summary : { ...summary, problem });
  }
  return replayed;
}

/** Who asked is who signed: nobody records an answer to somebody else. */
function requireAsker({ signer, statement }: ReadEvidence<DecisionPredicate>): void {
  const principal: unknown = JSON.parse(statement.predicate.holdfast_decision.principal);
  const id = typeof principal === 'object' && principal !== null && 'id' in principal ? principal.id : undefined;
  if (id === signer.id) return;
  throw new PipelineError('HF_DECISION_REPLAY', 'the decision was signed by another key than the one that asked');
}

async function problemOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
