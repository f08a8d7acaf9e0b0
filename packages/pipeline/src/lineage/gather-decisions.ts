import type { DecisionPredicate } from '@holdfast/evidence/predicates/decision';
import type { ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { artifactId } from '@holdfast/evidence/statement';
import { materialsOf, type RunIndex, traceLineage } from '@holdfast/policy/lineage';
import { type ArtifactBook, artifactNode } from './artifact-book.ts';
import type { LineageDecision } from './lineage.ts';

type Decision = ReadEvidence<DecisionPredicate>;

/** What was decided, while evidence is read: the newest decision about an artifact and an environment stands. */
export class DecisionBook {
  readonly #newest = new Map<
    string,
    { readonly decision: Decision; readonly artifact: string; readonly earlier: string[] }
  >();

  note(decision: Decision, artifacts: ArtifactBook): void {
    const { environment } = decision.statement.predicate.holdfast_decision;
    for (const { name, digest } of decision.statement.subject) {
      const artifact = artifacts.note(decision, digest, { called: name }).id;
      const key = JSON.stringify([artifact, environment]);
      const before = this.#newest.get(key);
      const earlier = before === undefined ? [] : [...before.earlier, before.decision.id];
      this.#newest.set(key, { decision, artifact, earlier });
    }
  }

  /**
   * @param withdrawn the names of all artifacts that are withdrawn
   * @param problems by id, why a decision does not come out again
   */
  all(
    runs: RunIndex,
    withdrawn: ReadonlySet<string>,
    problems: ReadonlyMap<string, string>,
  ): readonly LineageDecision[] {
    return [...this.#newest.values()].map(({ decision, artifact, earlier }) => {
      const { predicate } = decision.statement;
      const problem = problems.get(decision.id);
      return {
        ...{ id: decision.id, artifact, environment: predicate.holdfast_decision.environment },
        state: problem === undefined ? stateOf(decision, artifact, runs, withdrawn) : 'unknown',
        ...{ by: decision.signerName, decidedOn: predicate.timeVerified },
        reasons: [...new Set(predicate.holdfast_decision.reasons.map(({ policy }) => policy))],
        ...(problem === undefined ? {} : { problem }),
        earlier,
      };
    });
  }
}

function stateOf(
  decision: Decision,
  artifact: string,
  runs: RunIndex,
  withdrawn: ReadonlySet<string>,
): LineageDecision['state'] {
  if (decision.statement.predicate.verificationResult !== 'PASSED') return 'denied';
  return withdrawn.size > 0 && isWithdrawn(decision, artifact, runs, withdrawn) ? 'revoked' : 'allowed';
}

/** As a gate sees it now: with the stages that the decision names, along the runs that count for them. */
function isWithdrawn(
  { statement }: Decision,
  artifact: string,
  runs: RunIndex,
  withdrawn: ReadonlySet<string>,
): boolean {
  const digest = statement.subject.find((subject) => artifactNode(subject.digest) === artifact)?.digest ?? {};
  const behind = traceLineage(digest, runs, statement.predicate.holdfast_decision.stages);
  const outputs = behind.runs[0]?.statement.predicate.buildDefinition.externalParameters.outputs ?? [];
  const files = outputs.find((output) => artifactNode(output.digest) === artifact)?.files ?? [];
  const own = materialsOf({ digest, annotations: { files } });
  return own.some((name) => withdrawn.has(name)) || [...withdrawn].some((name) => behind.materials.has(name));
}

/** The names under which gates look for what is withdrawn. */
export function withdrawnNames(artifacts: ArtifactBook): ReadonlySet<string> {
  const withdrawn = [...artifacts.pages.values()].filter(({ withdrawals }) => withdrawals.length > 0);
  return new Set(withdrawn.map(({ digest }) => artifactId(digest)));
}
