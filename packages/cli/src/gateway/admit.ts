import { join } from 'node:path';
import { GatewayError } from '@holdfast/gateway';
import type { Admission, Served } from '@holdfast/gateway/admission/admission';
import type { Guards } from '@holdfast/gateway/protection/guards';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import type { Project } from '@holdfast/pipeline/project';
import { decideServed, type ServedDecision } from '@holdfast/pipeline/serving/decide-served';
import { failureOf } from '../failure.ts';
import { boundBy } from './bound-by.ts';
import type { DeclaredRoute } from './declared-gateway.ts';
import { guardsOf } from './guards-of.ts';

/** What was made for bytes that were served before is not made again; by the digest of the model and what was asked for. */
const made = new Map<string, Guards>();
const mostMade = 64;

/**
 * Asks the gate about what is to be served, and makes what has to look at its requests. What cannot be made is not served: an input that
 * nobody looks at is not what was declared.
 *
 * @param routes in the order of `served`
 */
export async function admit(
  project: Project,
  routes: readonly DeclaredRoute[],
  served: readonly Served[],
): Promise<readonly Admission[]> {
  const asked = served.map((one, at) => {
    const profile = routes[at]?.protections?.profile;
    return profile === undefined ? one : { ...one, profile };
  });
  const decisions = await decideServed(project, asked);
  return Promise.all(decisions.map(async (decision, at) => admission(project, decision, routes[at])));
}

async function admission(
  project: Project,
  decision: ServedDecision,
  route: DeclaredRoute | undefined,
): Promise<Admission> {
  if (!decision.isAdmitted) return decision;
  const { artifact, facts } = decision;
  if (route === undefined) return { isAdmitted: false, artifact, reasons: ['unknown'] };
  try {
    const guards = await madeFor(project, decision, route);
    return { isAdmitted: true, artifact, facts, guards, ...boundBy(project, decision, route) };
  } catch (error) {
    const { code, message } = failureOf(error);
    return { isAdmitted: false, artifact, reasons: [code], detail: message };
  }
}

async function madeFor(
  project: Project,
  { artifact, found, profile }: Extract<ServedDecision, { isAdmitted: true }>,
  route: DeclaredRoute,
): Promise<Guards> {
  const key = JSON.stringify([artifact, route.path, route.protections, profile?.id]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const guards = await guardsOf(route, join(project.folder, found.path), profile?.profile);
  // What was read is what was admitted only if it is so still.
  const { digest } = await findArtifact(project, found.path, project.folder);
  if (JSON.stringify(digest.digests) !== JSON.stringify(found.digest.digests)) {
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'the model changed while it was read');
  }
  if (made.size >= mostMade) made.clear();
  made.set(key, guards);
  return guards;
}
