import { hash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Admission } from '../admission/admission.ts';
import type { Caller, Credentials } from '../callers/caller.ts';
import { GatewayError } from '../errors.ts';
import { headersToCaller, headersToUpstream } from '../http/passed-headers.ts';
import { asGatewayError, sendProblem } from '../http/problem.ts';
import { awaitBody, readBody } from '../http/read-body.ts';
import { type RequestHead, requestHead } from '../http/request-head.ts';
import { sendBody } from '../http/slow-readers.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../http/upstream.ts';
import type { Execution } from '../idempotency/once.ts';
import type { StreamEntry } from '../log/entry.ts';
import type { HttpBody, InferenceRequest, Operation } from '../protocols/inference.ts';
import type { Cost } from '../quotas/quota.ts';
import type { Chain } from './chain.ts';
import { hardeningFor, type Judged, judgeInput, judgeOutput } from './judge.ts';
import { keyed, onceOf } from './keyed.ts';
import { type Route, routeFor } from './route.ts';
import { streamAnswer } from './stream/stream-answer.ts';
import { targetOf } from './target.ts';
import { tellAnswered } from './tell-answered.ts';

/** What is known of a request so far; what its entry in the log is made of. */
export interface Served {
  readonly id: string;
  readonly since: number;
  route?: Route;
  caller?: Caller;
  artifact: string;
  operation: string;
  rows: number;
  request: string;
  answer: string;
  readonly said: string[];
}

const digestOf = (bytes: Uint8Array): string => (bytes.length === 0 ? '' : hash('sha256', bytes, 'hex'));

/**
 * Serves one request: who asks, whether the model may be served, whether this caller may ask it, how much, what. Only what passed all of
 * that reaches the model server; only what is still admitted then reaches the caller, after the log has it.
 */
export async function serveRequest(chain: Chain, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const served: Served = {
    ...{
      id: randomUUID(),
      since: performance.now(),
      artifact: '',
      operation: '',
      rows: 0,
      request: '',
      answer: '',
      said: [],
    },
  };
  try {
    const head = requestHead(message);
    const found = routeFor(chain.routes, head.path);
    const { authenticator } = chain;
    served.caller = await authenticator.authenticate(credentialsOf(head, message), Date.now());
    if (found === undefined) throw notFound();
    served.route = targetOf(found.route, head, served.caller);
    const answer = await answered(chain, served, found.rest, { head, message, response });
    if (answer === undefined) return;
    served.answer = digestOf(answer.body);
    await logged(chain, served, answer.status);
    sendAnswer(response, answer, served);
    tellAnswered(chain, served, answer.status);
  } catch (error) {
    await refused(chain, served, asGatewayError(error), response);
  }
}

interface Asked {
  readonly head: RequestHead;
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
}

/** Undefined when the caller has been answered piece by piece. */
async function answered(
  chain: Chain,
  served: Served,
  rest: string,
  asking: Asked,
): Promise<UpstreamAnswer | undefined> {
  const { head, message } = asking;
  const { route, caller } = served as Required<Served>;
  const admission = requireAdmitted(chain.admission(route));
  served.artifact = admission.artifact;
  requireAllowed(chain, served, admission);
  const operation = route.protocol.operation(head.method, rest);
  if (operation === undefined) throw notFound();
  served.operation = operation;
  admission.guards.standings?.require(caller.id, operation === 'infer', Date.now());
  awaitBody(asking.response, head, route.mostBytes);
  const body = await readBody(message, head, route.mostBytes);
  served.request = digestOf(body);
  const http = { body, headers: headersToUpstream(head.headers) };
  const sent = { method: head.method, path: rest, ...http };
  const execute = async (execution?: Execution) =>
    executed(chain, served, { asking, sent, operation, admission, execution });
  return onceOf(route, operation, head) === undefined ? execute() : keyed(served, sent, head, execute);
}

interface Executed {
  readonly asking: Asked;
  readonly sent: UpstreamRequest;
  readonly operation: Operation;
  readonly admission: Admitted;
  readonly execution: Execution | undefined;
}

async function executed(chain: Chain, served: Served, executing: Executed) {
  const { sent, operation, admission, execution } = executing;
  const { route, caller } = served as Required<Served>;
  const judged = { route, caller, guards: admission.guards, said: served.said };
  const asked = await admittedRequest(chain, served, { operation, http: sent, judged });
  const isStreamed = asked?.isStreamed === true;
  if (!isStreamed) execution?.asks();
  const answer = await (isStreamed ? streamed(chain, judged, served, executing) : route.upstream.exchange(sent));
  if (answer === undefined) return undefined;
  requireAdmitted(chain.admission(route), admission.artifact);
  const isAnswered = answer.status >= 200 && answer.status < 300;
  return asked === undefined || !isAnswered ? plain(answer) : hardened(chain, judged, asked, answer);
}

/** What policy and protections let through; undefined for what is no prediction. */
async function admittedRequest(
  chain: Chain,
  served: Served,
  { operation, http, judged }: { readonly operation: Operation; readonly http: HttpBody; readonly judged: Judged },
): Promise<InferenceRequest | undefined> {
  const { route } = judged;
  if (operation !== 'infer') {
    await take(chain, served, { requests: 1, rows: 0, cost: 0 });
    return undefined;
  }
  let request: InferenceRequest;
  try {
    request = route.protocol.readRequest(http, route.bodies);
  } catch (error) {
    // What is not understood counts, too: it cost time.
    await take(chain, served, { requests: 1, rows: 0, cost: 0 });
    throw error;
  }
  const { rows, cost = rows } = request;
  served.rows = rows;
  await take(chain, served, { requests: 1, rows, cost });
  judgeInput(chain, judged, request);
  return request;
}

function streamed(
  chain: Chain,
  { route, guards }: Judged,
  served: Served,
  { asking: { head, message: asking, response }, sent: request, execution }: Executed,
): Promise<UpstreamAnswer | undefined> {
  if (guards.outputs.length > 0 || guards.harden !== undefined || execution !== undefined) {
    const message = 'answers that are looked at, or kept for a key, are not streamed';
    throw new GatewayError('HF_GATEWAY_UNSUPPORTED', message, { where: 'stream' });
  }
  const { id, artifact, said } = served;
  return streamAnswer({
    ...{ id, events: chain.events, route, upstream: route.upstream, request, response, said },
    requireStill: () => {
      requireAllowed(chain, served, requireAdmitted(chain.admission(route), artifact));
    },
    requireCaller: () => chain.authenticator.authenticate(credentialsOf(head, asking), Date.now()),
    log: ({ status, stream, answer }) => {
      served.answer = answer;
      return logged(chain, served, status, stream);
    },
    answered: (status, code) => {
      tellAnswered(chain, served, status, code);
    },
  });
}

function requireAllowed(chain: Chain, served: Served, admission: Admitted): void {
  const { route, caller } = served as Required<Served>;
  if (chain.authorise(caller, route, admission)) return;
  throw new GatewayError('HF_GATEWAY_NOT_ALLOWED', 'the policy does not let this caller use this model');
}

async function take(chain: Chain, served: Served, cost: Cost): Promise<void> {
  const { route, caller } = served as Required<Served>;
  // A clock that only goes forward: one that is set back would let nothing flow into the buckets.
  const taken = chain.quotas.take(caller, route.model, cost, performance.now());
  const grant = taken instanceof Promise ? await taken : taken;
  if (grant.isGranted) return;
  if (grant.retryAfter === undefined) {
    throw new GatewayError('HF_GATEWAY_TOO_LARGE', `a request takes more than \`${grant.quota}\` ever grants`);
  }
  throw new GatewayError('HF_GATEWAY_QUOTA', `the quota \`${grant.quota}\` is used up`, {
    retryAfter: grant.retryAfter,
  });
}

function hardened(chain: Chain, judged: Judged, request: InferenceRequest, answer: UpstreamAnswer): UpstreamAnswer {
  const { route } = judged;
  const harden = hardeningFor(judged);
  if (judged.guards.outputs.length === 0 && harden === undefined) return plain(answer);
  requireUncoded(answer);
  const response = route.protocol.readResponse(answer, route.bodies);
  judgeOutput(chain, judged, { request, response });
  if (harden === undefined) return plain(answer);
  const changed = route.protocol.writeResponse(answer, harden(response));
  return { status: answer.status, body: changed.body, headers: headersToCaller(changed.headers) };
}

function plain(answer: UpstreamAnswer): UpstreamAnswer {
  requireUncoded(answer);
  return { status: answer.status, body: answer.body, headers: headersToCaller(answer.headers) };
}

/** Nobody asked for a compressed answer; what it holds could not be looked at. */
function requireUncoded({ headers }: UpstreamAnswer): void {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') {
    throw new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server compresses what nobody asked it to');
  }
}

type Admitted = Extract<Admission, { isAdmitted: true }>;

/** @param artifact what it was when the request came; another one may have taken its place */
function requireAdmitted(admission: Admission, artifact?: string): Admitted {
  if (!admission.isAdmitted) {
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', `the model is not admitted: ${admission.reasons.join(', ')}`);
  }
  if (artifact !== undefined && artifact !== admission.artifact) {
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'the model was replaced meanwhile', { retryAfter: 1 });
  }
  return admission;
}

function credentialsOf({ headers }: RequestHead, { socket }: IncomingMessage): Credentials {
  const { authorization, 'x-api-key': apiKey } = headers;
  const certificate = 'getPeerX509Certificate' in socket ? certificateOf(socket as TLSSocket) : undefined;
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

const certificates = new WeakMap<TLSSocket, NonNullable<Credentials['certificate']> | null>();

/** Digested once a connection. */
function certificateOf(socket: TLSSocket): Credentials['certificate'] {
  let known = certificates.get(socket);
  if (known === undefined) {
    const shown = socket.authorized ? socket.getPeerX509Certificate() : undefined;
    const key = shown?.publicKey.export({ type: 'spki', format: 'der' });
    known =
      shown === undefined || key === undefined
        ? null
        : { publicKey: hash('sha256', key, 'hex'), subject: shown.subject, until: Date.parse(shown.validTo) };
    certificates.set(socket, known);
  }
  return known ?? undefined;
}

function logged(chain: Chain, served: Served, status: number, stream?: StreamEntry): Promise<void> {
  const { id, route, caller, artifact, operation, rows, request, answer, said } = served;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const entry = { id, time: Date.now(), model: route?.model ?? '', artifact, caller: caller?.id ?? '' };
  const more = stream === undefined ? undefined : { stream };
  chain.log({ ...entry, operation, rows, status, request, answer, said, ...more }, (error) => {
    if (error === undefined) resolve(undefined);
    else reject(error);
  });
  return promise;
}

function sendAnswer(response: ServerResponse, { status, headers, body }: UpstreamAnswer, { id, route }: Served): void {
  response.writeHead(status, { ...headers, 'content-length': body.length, 'x-holdfast-request': id });
  sendBody(response, body, route?.readMs);
}

/** Who is not known is not logged, or anybody could fill the disk; what is refused to others is. */
async function refused(chain: Chain, served: Served, error: GatewayError, response: ServerResponse): Promise<void> {
  if (error.code === 'HF_GATEWAY_INTERNAL') chain.events.failed?.(error.cause, served.id);
  served.said.push(error.code);
  if (served.caller !== undefined) {
    await logged(chain, served, error.status).catch((cause: unknown) => chain.events.failed?.(cause, served.id));
  }
  sendProblem(response, error, served.id);
  tellAnswered(chain, served, error.status, error.code);
}

const notFound = (): GatewayError => new GatewayError('HF_GATEWAY_NOT_FOUND', 'no route has this path and method');
