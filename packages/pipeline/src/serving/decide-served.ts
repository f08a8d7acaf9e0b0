import { artifactId } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { ArtifactFacts } from '@holdfast/policy/artifact-facts';
import { findArtifact, type NamedArtifact } from '../artifacts.ts';
import { askGate } from '../gate.ts';
import { type Project, verifyProject } from '../project.ts';
import { type RecordedSwitch, switchesOf } from './switches-of.ts';
import { type SignedProfile, trainingProfile } from './training-profile.ts';

/** A model that is to be served, and the environment whose gate it has to pass. */
export interface ServedModel {
  readonly model: string;
  readonly environment: string;
  /** The data set that it was trained on, whose signed profile is wanted. */
  readonly profile?: string;
}

/** Whether it may be served now; `reasons` are ids of the rules that deny it, or the code of what kept it from being found out. */
export type ServedDecision =
  | {
      readonly isAdmitted: true;
      readonly artifact: string;
      readonly facts: ArtifactFacts;
      readonly found: NamedArtifact;
      /** There where one is wanted. */
      readonly profile?: SignedProfile;
      /** What was said of it as a candidate, the oldest first. */
      readonly switches: readonly RecordedSwitch[];
    }
  | {
      readonly isAdmitted: false;
      readonly artifact?: string;
      readonly reasons: readonly string[];
      /** What went wrong where it could not be found out. */
      readonly detail?: string;
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
    return served.map(() => undecided(error));
  }
  return Promise.all(served.map((one) => decideOne(project, view, one)));
}

async function decideOne(
  project: Project,
  view: EvidenceView,
  { model, environment, profile }: ServedModel,
): Promise<ServedDecision> {
  let found: NamedArtifact | undefined;
  try {
    found = await findArtifact(project, model, project.folder);
    const { decision, gathered } = await askGate(project, found, environment, { view });
    const artifact = artifactId({ ...found.digest.digests });
    if (!decision.allowed) {
      return { isAdmitted: false, artifact, reasons: decision.reasons.map(({ policy }) => policy), found };
    }
    const signed = profile === undefined ? {} : { profile: await trainingProfile(project, view, profile) };
    const switches = switchesOf(view, { ...found.digest.digests });
    return { isAdmitted: true, artifact, facts: gathered.facts, found, ...signed, switches };
  } catch (error) {
    return { ...undecided(error), ...(found === undefined ? {} : { found }) };
  }
}

function undecided(error: unknown): Extract<ServedDecision, { isAdmitted: false }> {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    isAdmitted: false,
    reasons: [typeof code === 'string' ? code : 'unknown'],
    ...(typeof message === 'string' ? { detail: message } : {}),
  };
}
