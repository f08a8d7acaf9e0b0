import type { RequestHead } from '../http/request-head.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../http/upstream.ts';
import type { Execution, Once } from '../idempotency/once.ts';
import type { Operation } from '../protocols/inference.ts';
import type { Route } from './route.ts';
import type { Served } from './serve-request.ts';

/** What executes a request once, where it asks for that and the route does it. Only predictions are executed at all. */
export function onceOf({ once }: Route, operation: Operation, { headers }: RequestHead): Once | undefined {
  return operation === 'infer' && headers['idempotency-key'] !== undefined ? once : undefined;
}

/** Executes a request under its key, or answers with what it was answered before, which the log says. */
export async function keyed(
  { route, caller, artifact, request, said }: Served,
  { method, path }: UpstreamRequest,
  { headers }: RequestHead,
  execute: (execution: Execution) => Promise<UpstreamAnswer | undefined>,
): Promise<UpstreamAnswer> {
  const { once, prefix } = route as Route & { readonly once: Once };
  const asked = { caller: caller?.id ?? '', route: prefix, header: headers['idempotency-key'] ?? '' };
  const answer = await once.run({ ...asked, method, path, headers, body: request, artifact }, async (execution) => {
    const executed = await execute(execution);
    if (executed === undefined) throw new Error('an answer in pieces has no key');
    return executed;
  });
  if (answer.headers['idempotency-replayed'] !== undefined) said.push('gateway.replayed');
  return answer;
}
