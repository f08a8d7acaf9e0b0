import { join } from 'node:path';
import { GatewayError } from '@holdfast/gateway';
import type { Admission, Served } from '@holdfast/gateway/admission/admission';
import type { Guards } from '@holdfast/gateway/protection/guards';
import type { Standings } from '@holdfast/gateway/protection/response/standings';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import type { Project } from '@holdfast/pipeline/project';
import { decideServed, type ServedDecision } from '@holdfast/pipeline/serving/decide-served';
import { failureOf } from '../failure.ts';
import { boundBy } from './bound-by.ts';
import type { DeclaredRoute } from './declared-gateway.ts';
import { guardsOf } from './guards-of.ts';
import { readFittedFile } from './read-fitted-file.ts';
import type { ResponseDesk } from './response-desk.ts';

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
  desk: ResponseDesk,
): Promise<readonly Admission[]> {
  return admitted(project, routes, await decided(project, routes, served), desk);
}

/** What the gate says, before anything is made of it: it can be handed to other processes. */
export async function decided(
  project: Project,
  routes: readonly DeclaredRoute[],
  served: readonly Served[],
): Promise<readonly ServedDecision[]> {
  const asked = served.map((one, at) => {
    const { profile, fitted } = routes[at]?.protections ?? {};
    return { ...one, ...(profile === undefined ? {} : { profile }), ...(fitted === undefined ? {} : { fitted }) };
  });
  return decideServed(project, asked);
}

/** Makes what the gate let through ready to be served. */
export async function admitted(
  project: Project,
  routes: readonly DeclaredRoute[],
  decisions: readonly ServedDecision[],
  desk: ResponseDesk,
): Promise<readonly Admission[]> {
  return Promise.all(
    decisions.map(async (decision, at) => {
      const route = routes[at];
      return route === undefined ? unknown(decision) : admission(project, decision, route, desk);
    }),
  );
}

async function admission(
  project: Project,
  decision: ServedDecision,
  route: DeclaredRoute,
  desk: ResponseDesk,
): Promise<Admission> {
  if (!decision.isAdmitted) return decision;
  const { artifact, facts } = decision;
  try {
    const guards = await madeFor(project, decision, route, desk.of(route, decision));
    return { isAdmitted: true, artifact, facts, guards, ...boundBy(project, decision, route) };
  } catch (error) {
    const { code, message } = failureOf(error);
    return { isAdmitted: false, artifact, reasons: [code], detail: message };
  }
}

const unknown = ({ artifact }: ServedDecision): Admission => ({
  ...{ isAdmitted: false, reasons: ['unknown'] },
  ...(artifact === undefined ? {} : { artifact }),
});

async function madeFor(
  project: Project,
  { artifact, found, profile, fitted }: Extract<ServedDecision, { isAdmitted: true }>,
  route: DeclaredRoute,
  standings: Standings | undefined,
): Promise<Guards> {
  const key = JSON.stringify([artifact, route.path, route.protections, profile?.id, fitted?.sha256]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const learnt =
    fitted === undefined ? undefined : await readFittedFile(join(project.folder, fitted.path), fitted.sha256);
  const guards = await guardsOf(route, {
    ...{ artifact, path: join(project.folder, found.path) },
    ...(profile === undefined ? {} : { profile: profile.profile }),
    ...(learnt === undefined ? {} : { fitted: learnt }),
    ...(standings === undefined ? {} : { standings }),
  });
  // What was read is what was admitted only if it is so still.
  const { digest } = await findArtifact(project, found.path, project.folder);
  if (JSON.stringify(digest.digests) !== JSON.stringify(found.digest.digests)) {
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'the model changed while it was read');
  }
  if (made.size >= mostMade) made.clear();
  made.set(key, guards);
  return guards;
}
