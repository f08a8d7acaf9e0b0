import { artifactId } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { ArtifactFacts } from '@holdfast/policy/artifact-facts';
import { findArtifact, type NamedArtifact } from '../artifacts.ts';
import { askGate } from '../gate.ts';
import { type Project, verifyProject } from '../project.ts';

/** A model that is to be served, and the environment whose gate it has to pass. */
export interface ServedModel {
  readonly model: string;
  readonly environment: string;
}

/** Whether it may be served now; `reasons` are ids of the rules that deny it, or the code of what kept it from being found out. */
export type ServedDecision =
  | {
      readonly isAdmitted: true;
      readonly artifact: string;
      readonly facts: ArtifactFacts;
      readonly found: NamedArtifact;
    }
  | {
      readonly isAdmitted: false;
      readonly artifact?: string;
      readonly reasons: readonly string[];
      readonly found?: NamedArtifact;
    };

/**
 * Asks the gate of each model's environment, all about one verified moment of the ledger. Records nothing. What cannot be found out is
 * not admitted.
 */
export async function decideServed(
  project: Project,
  served: readonly ServedModel[],
): Promise<readonly ServedDecision[]> {
  let view: EvidenceView;
  try {
    view = await verifyProject(project);
  } catch (error) {
    return served.map(() => ({ isAdmitted: false, reasons: [codeOf(error)] }));
  }
  return Promise.all(served.map((one) => decideOne(project, view, one)));
}

async function decideOne(
  project: Project,
  view: EvidenceView,
  { model, environment }: ServedModel,
): Promise<ServedDecision> {
  let found: NamedArtifact | undefined;
  try {
    found = await findArtifact(project, model, project.folder);
    const { decision, gathered } = await askGate(project, found, environment, { view });
    const artifact = artifactId({ ...found.digest.digests });
    if (decision.allowed) return { isAdmitted: true, artifact, facts: gathered.facts, found };
    return { isAdmitted: false, artifact, reasons: decision.reasons.map(({ policy }) => policy), found };
  } catch (error) {
    return { isAdmitted: false, reasons: [codeOf(error)], ...(found === undefined ? {} : { found }) };
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
