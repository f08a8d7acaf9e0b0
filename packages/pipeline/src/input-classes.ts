import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { declaredChecks } from './declared-checks.ts';
import { classifyName } from './input-class.ts';
import type { StageNode } from './stage-graph.ts';
import { type CheckOutcome, type CheckVisit, visitCheck } from './visit-check.ts';

/**
 * The classification of what stages read: where `holdfast.yaml` has an artifact classified, that is done before the first stage is
 * given it, not after. Each artifact once a run.
 */
export class InputClasses {
  readonly #visit: CheckVisit;
  readonly #outcomes = new Map<string, Promise<CheckOutcome>>();

  constructor(visit: CheckVisit) {
    this.#visit = visit;
  }

  /** What was done in this run. */
  outcomeOf(artifact: string, check: string): Promise<CheckOutcome> | undefined {
    return check === classifyName ? this.#outcomes.get(artifact) : undefined;
  }

  /** The reports on the inputs of a stage, by the path of each. */
  async of(stage: StageNode): Promise<ReadonlyMap<string, CheckPredicate>> {
    const reports = new Map<string, CheckPredicate>();
    for (const { artifact, path } of stage.inputs) {
      const report = artifact === undefined ? undefined : await this.#reportOf(artifact);
      if (report !== undefined) reports.set(path, report);
    }
    return reports;
  }

  async #reportOf(artifact: string): Promise<CheckPredicate | undefined> {
    const { config } = this.#visit.project;
    const asked = declaredChecks(config, artifact).findLast(({ name }) => name === classifyName);
    if (asked === undefined) return undefined;
    const outcome = this.#outcomes.get(artifact) ?? visitCheck(artifact, asked, this.#visit);
    this.#outcomes.set(artifact, outcome);
    return (await outcome).report;
  }
}
