import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '@holdfast/contracts/duration';
import type { Admission, Served } from '@holdfast/gateway/admission/admission';
import { Admissions, defaultGrace } from '@holdfast/gateway/admission/admissions';
import { type Gateway, openGateway } from '@holdfast/gateway/gateway';
import { RequestLog } from '@holdfast/gateway/log/request-log';
import { openProject, type Project } from '@holdfast/pipeline/project';
import { watchEvidence } from '@holdfast/pipeline/serving/watch-evidence';
import { type CommandModule, flag, type Invocation, textOption } from '../command.ts';
import { CliError } from '../errors.ts';
import { admit } from '../gateway/admit.ts';
import { composeChain } from '../gateway/compose-chain.ts';
import { type DeclaredGateway, declaredGateway } from '../gateway/declared-gateway.ts';
import { GatewayRecorder } from '../gateway/gateway-recorder.ts';
import { type GatewayTally, gatewayTally } from '../gateway/gateway-tally.ts';
import { openAccess } from '../gateway/open-access.ts';
import { type Binding, openBinding } from '../gateway/open-binding.ts';
import { both, type OpenWatch, openWatch } from '../gateway/open-watch.ts';
import { switchEvents } from '../gateway/switch-events.ts';
import { interruption } from '../interruption.ts';
import { toStandardError } from '../sources/fetch-progress.ts';
import type { Terminal } from '../terminal.ts';

/** Serves until it is told to stop, then lets what is on its way end. */
export const run: CommandModule['run'] = async (invocation, terminal) => {
  const project = await openProject(invocation.folder);
  const declared = declaredGateway(project.config.gateway, project.folder);
  const tells = toStandardError(flag(invocation, 'quiet') || flag(invocation, 'json'), terminal);
  const spanMs = spanOf(invocation);
  const stop = interruption();
  try {
    const serving = await open(project, declared, { invocation, tells });
    tells(`${terminal.paint('bold', 'gateway')}  ${serving.origin}`);
    await sleep(spanMs, undefined, { signal: stop.signal }).catch(() => undefined);
    await serving.close();
    return { exit: 0, lines: summary(serving, terminal), result: resultOf(serving) };
  } finally {
    stop.release();
  }
};

/** The longest that a timer of Node takes: 24 days. */
const longestTimer = 2 ** 31 - 1;

/** How long it serves, in milliseconds. */
function spanOf(invocation: Invocation): number {
  const asked = textOption(invocation, 'for');
  if (asked === undefined) return longestTimer;
  const parsed = duration.safeParse(asked);
  if (parsed.success) return Math.min(parsed.data, longestTimer);
  throw new CliError('HF_CLI_USAGE', `\`--for\`: ${parsed.error.issues[0]?.message ?? 'is no duration'}`);
}

interface Serving {
  readonly origin: string;
  readonly tally: GatewayTally;
  readonly recorder: GatewayRecorder;
  close(): Promise<void>;
}

interface Surroundings {
  readonly invocation: Invocation;
  readonly tells: Said;
}

type Said = (line: string) => void;

async function open(
  project: Project,
  declared: DeclaredGateway,
  { invocation, tells }: Surroundings,
): Promise<Serving> {
  const gateway = nameOf(new Date());
  const recorder = recorderOf(project, gateway, { invocation, tells });
  const bound = await openBinding(project, declared, tells);
  const log = logOf(project, gateway, recorder);
  const tally = gatewayTally();
  const watch = await openWatch(project.config.gateway?.watch, declared.routes, { tells, recorder });
  const admissions = openAdmissions(project, declared, { recorder, tells, bound, watch });
  const access = await openAccess(declared, project, tells);
  const chain = composeChain(declared, {
    ...access,
    ...{ admissions, log, servers: bound.servers },
    switching: switchEvents({ project, recorder, gateway, tells, ...signedBy(invocation) }),
    events: { ...both(tally.events, watch.events), failed: failing(tells) },
  });
  const listening = await openGateway(chain, declared.listen);
  await admissions.refresh();
  const rotation = rotating(log, declared.logEveryMs);
  const close = async (): Promise<void> => {
    clearInterval(rotation);
    await listening.close(declared.drainMs);
    access.authoriser.close();
    await admissions.close();
    await watch.close();
    await bound.close();
    log.rotate();
    await recorder.settled();
  };
  return { origin: originOf(listening, declared), tally, recorder, close };
}

const logOf = (project: Project, name: string, recorder: GatewayRecorder): RequestLog =>
  new RequestLog({
    folder: join(project.folder, '.holdfast', 'gateway'),
    name,
    ended: (segment) => {
      recorder.ended(segment);
    },
  });

const rotating = (log: RequestLog, everyMs: number): NodeJS.Timeout =>
  setInterval(() => {
    log.rotate();
  }, everyMs);

/** What fails inside is said here, by the id that the caller was given, and to nobody else. */
const failing =
  (tells: Surroundings['tells']) =>
  (error: unknown, id: string): void => {
    tells(`failed   ${id}: ${error instanceof Error ? error.message : String(error)}`);
  };

function recorderOf(project: Project, gateway: string, { invocation, tells }: Surroundings): GatewayRecorder {
  const failed = (what: string, error: unknown): void => {
    tells(`not on record: ${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  return new GatewayRecorder({ project, gateway, failed, ...signedBy(invocation) });
}

function signedBy(invocation: Invocation): { readonly key?: string } {
  const key = textOption(invocation, 'key');
  return key === undefined ? {} : { key };
}

interface Told {
  readonly recorder: GatewayRecorder;
  readonly tells: (line: string) => void;
  readonly bound: Binding;
  readonly watch: OpenWatch;
}

function openAdmissions(
  project: Project,
  { routes, recheckMs }: DeclaredGateway,
  { recorder, tells, bound, watch }: Told,
): Admissions {
  const source = {
    decide: async (served: readonly Served[]) =>
      watch.watched(await admit(await openProject(project.folder), routes, served)),
    watch: (changed: () => void) => watchEvidence(project, changed),
  };
  const switched = (served: Served, admission: Admission): void => {
    // One model can have several routes: what is told of is the very one that was asked about.
    const route = routes.find((each) => each === served);
    tells(switchLine(served, admission));
    recorder.switched(served, route?.path ?? '/', admission);
  };
  const times = { recheck: recheckMs, grace: defaultGrace };
  return bound.admissions(source, (bounded) => new Admissions(bounded, routes, times, switched));
}

const switchLine = ({ model, environment }: Served, admission: Admission): string =>
  admission.isAdmitted
    ? `serving  ${model} in ${environment}   ${admission.artifact.slice(0, 19)}`
    : `stopped  ${model} in ${environment}   ${admission.reasons.join(', ')}${admission.detail === undefined ? '' : `: ${admission.detail}`}`;

/** Unlike every other of the project, and of a kind that file systems take. */
const nameOf = (now: Date): string =>
  `g-${now.toISOString().replaceAll(/[-:]/g, '').replace(/\.\d+/, '').toLowerCase()}-${process.pid}`;

function originOf({ address }: Gateway, { listen }: DeclaredGateway): string {
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${listen.tls === undefined ? 'http' : 'https'}://${host}:${address.port}`;
}

function summary({ tally, recorder }: Serving, terminal: Terminal): string[] {
  const { answered, refused } = tally;
  return [
    `${terminal.paint('green', '✓ stopped')}   ${answered} answered, ${refused} refused, ${recorder.recorded} on record`,
  ];
}

function resultOf({ origin, tally, recorder }: Serving): Record<string, unknown> {
  const { answered, refused, codes } = tally;
  return { origin, answered, refused, codes, recorded: recorder.recorded };
}
