import { join } from 'node:path';
import type { Admission, Served } from '@holdfast/gateway/admission/admission';
import type { Guards } from '@holdfast/gateway/protection/guards';
import type { Project } from '@holdfast/pipeline/project';
import { decideServed, type ServedDecision } from '@holdfast/pipeline/serving/decide-served';
import { trainingProfile } from '@holdfast/pipeline/serving/training-profile';
import { failureOf } from '../failure.ts';
import type { DeclaredRoute } from './declared-gateway.ts';
import { guardsOf } from './guards-of.ts';

/** What was made for bytes that were served before is not made again; by the digest of the model and what was asked for. */
const made = new Map<string, Promise<Guards>>();
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
  const decisions = await decideServed(project, served);
  return Promise.all(decisions.map(async (decision, at) => admission(project, decision, routes[at])));
}

async function admission(
  project: Project,
  decision: ServedDecision,
  route: DeclaredRoute | undefined,
): Promise<Admission> {
  if (!decision.isAdmitted) return decision;
  const { artifact, facts, found } = decision;
  if (route === undefined) return { isAdmitted: false, artifact, reasons: ['unknown'] };
  const profiled = route.protections?.profile;
  try {
    const profile = profiled === undefined ? undefined : await trainingProfile(project, profiled);
    const key = JSON.stringify([artifact, route.path, route.protections, profile?.id]);
    const guards = made.get(key) ?? guardsOf(route, join(project.folder, found.path), profile?.profile);
    if (made.size >= mostMade) made.clear();
    made.set(key, guards);
    return { isAdmitted: true, artifact, facts, guards: await guards };
  } catch (error) {
    return { isAdmitted: false, artifact, reasons: [failureOf(error).code] };
  }
}
