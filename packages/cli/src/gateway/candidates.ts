import type { DeclaredRoute } from './declared-gateway.ts';

/** Adds the candidate of each route that has one. It passes the gate of its route, and is looked at and challenged like it. */
export function withCandidates(routes: readonly DeclaredRoute[]): readonly DeclaredRoute[] {
  return [...routes, ...routes.flatMap((route) => candidateOf(route) ?? [])];
}

function candidateOf(route: DeclaredRoute): DeclaredRoute | undefined {
  if (route.canary === undefined) return undefined;
  const { model, upstream, launch } = route.canary;
  const candidate = { ...route, model, candidateOf: route };
  delete candidate.upstream;
  delete candidate.launch;
  return {
    ...candidate,
    ...(upstream === undefined ? {} : { upstream }),
    ...(launch === undefined ? {} : { launch }),
  };
}
