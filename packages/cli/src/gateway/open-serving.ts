import type { Admission, AdmissionSource, Served } from '@holdfast/gateway/admission/admission';
import { Admissions, defaultGrace } from '@holdfast/gateway/admission/admissions';
import { type Gateway, openGateway } from '@holdfast/gateway/gateway';
import type { HandedConnections } from '@holdfast/gateway/http/handed-connections';
import { LiveLock } from '@holdfast/gateway/log/live-lock';
import { RequestLog } from '@holdfast/gateway/log/request-log';
import { openProject, type Project } from '@holdfast/pipeline/project';
import { watchEvidence } from '@holdfast/pipeline/serving/watch-evidence';
import { type Invocation, textOption } from '../command.ts';
import { admit } from './admit.ts';
import { composeChain } from './compose-chain.ts';
import type { SwitchingEvents } from './compose-routes.ts';
import type { DeclaredGateway } from './declared-gateway.ts';
import { GatewayRecorder } from './gateway-recorder.ts';
import { type GatewayTally, gatewayTally } from './gateway-tally.ts';
import { liveFolder, logFolder, recordLeftLogs } from './left-logs.ts';
import { openAccess } from './open-access.ts';
import { type Binding, openBinding } from './open-binding.ts';
import { openOnce } from './open-once.ts';
import { both, type OpenWatch, openWatch, unwatched } from './open-watch.ts';
import { ResponseDesk } from './response-desk.ts';
import { switchEvents } from './switch-events.ts';

export interface Serving {
  readonly origin: string;
  readonly tally: GatewayTally;
  readonly recorder: ServingRecorder;
  close(): Promise<void>;
}

/** What serving tells whoever keeps the ledger: this process, or its supervisor. */
export type ServingRecorder = Pick<GatewayRecorder, 'ended' | 'settled' | 'recorded'>;

/** What a process that serves under a supervisor gets from there. */
export interface WorkerParts {
  readonly name: string;
  readonly recorder: ServingRecorder;
  readonly admissions: Admissions;
  readonly handed: HandedConnections;
  readonly switching?: SwitchingEvents;
  readonly watch?: OpenWatch;
}

export interface Surroundings {
  readonly invocation: Invocation;
  readonly tells: Said;
}

type Said = (line: string) => void;

export async function openServing(
  project: Project,
  declared: DeclaredGateway,
  { tells, ...rest }: Surroundings | (Pick<Surroundings, 'tells'> & { readonly worker: WorkerParts }),
): Promise<Serving> {
  const bound = await openBinding(project, declared, tells);
  const parts = 'worker' in rest ? rest.worker : await ownParts(project, declared, { tells, bound, ...rest });
  const { name: gateway, recorder, admissions, handed, switching = unswitched, watch = unwatched } = parts;
  const live = await LiveLock.take(liveFolder(project), gateway);
  const log = logOf(project, gateway, recorder);
  const tally = gatewayTally();
  const access = await openAccess(declared, project, tells);
  const chain = composeChain(declared, {
    ...access,
    ...{ admissions, log, servers: bound.servers, switching },
    once: await openOnce(declared, project, { owner: gateway, tells }),
    events: { ...both(tally.events, watch.events), failed: failing(tells) },
  });
  const listening = await openGateway(chain, { ...declared.listen, ...(handed === undefined ? {} : { handed }) });
  await admissions.refresh();
  const rotation = rotating(log, declared.logEveryMs);
  const close = async (): Promise<void> => {
    clearInterval(rotation);
    await listening.close(declared.drainMs);
    access.authoriser.close();
    await settled(log, { ...parts, bound, watch });
    live?.release(false);
    // A supervisor does that for its workers.
    if (handed === undefined) await recordLeftLogs({ project, recorder, tells });
  };
  return { origin: originOf(listening, declared), tally, recorder, close };
}

interface SettledParts {
  readonly bound: Binding;
  readonly watch: OpenWatch;
}

/** Ends the log, and waits until what it holds is with whoever keeps the ledger. */
async function settled(
  log: RequestLog,
  { admissions, recorder, bound, watch }: Pick<WorkerParts, 'admissions' | 'recorder'> & SettledParts,
): Promise<void> {
  await admissions.close();
  await watch.close();
  await bound.close();
  log.rotate();
  await recorder.settled();
}

interface OwnParts extends Omit<WorkerParts, 'handed' | 'recorder'> {
  readonly recorder: GatewayRecorder;
  readonly handed?: undefined;
}

/** Workers have no candidates. */
const unswitched: SwitchingEvents = { rolledBack: () => undefined, switched: () => undefined };

/** What a process that serves on its own has of its own: it keeps the ledger, asks the gate, and looks after what others left. */
async function ownParts(
  project: Project,
  declared: DeclaredGateway,
  surroundings: Surroundings & { readonly bound: Binding },
): Promise<OwnParts> {
  const name = gatewayName(new Date());
  const { tells, bound, invocation } = surroundings;
  const recorder = recorderOf(project, name, surroundings);
  await recordLeftLogs({ project, recorder, tells });
  const switching = switchEvents({ project, recorder, gateway: name, tells, ...signedBy(invocation) });
  const watch = await openWatch(project.config.gateway?.watch, declared.routes, { tells, recorder });
  const admissions = openAdmissions(project, declared, { recorder, tells, bound, watch });
  return { name, recorder, switching, watch, admissions };
}

const logOf = (project: Project, name: string, recorder: ServingRecorder): RequestLog =>
  new RequestLog({
    folder: logFolder(project),
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

export function recorderOf(project: Project, gateway: string, { invocation, tells }: Surroundings): GatewayRecorder {
  const failed = (what: string, error: unknown): void => {
    tells(`not on record: ${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  return new GatewayRecorder({ project, gateway, failed, ...signedBy(invocation) });
}

function signedBy(invocation: Invocation): { readonly key?: string } {
  const key = textOption(invocation, 'key');
  return key === undefined ? {} : { key };
}

interface AdmissionParts {
  readonly recorder: GatewayRecorder;
  readonly tells: (line: string) => void;
  /** What is known of the model servers; absent in a supervisor, which has none. */
  readonly bound?: Binding;
  readonly watch?: OpenWatch;
  /** Asks the gate, where that is not done here alone. */
  readonly decide?: AdmissionSource['decide'];
  /** Whether this was told and recorded before, under a configuration that another has replaced. */
  readonly isKnown?: (served: Served, path: string, admission: Admission) => boolean;
}

export function openAdmissions(
  project: Project,
  { routes, recheckMs }: DeclaredGateway,
  { recorder, tells, decide, isKnown, bound, watch = unwatched }: AdmissionParts,
): Admissions {
  const desk = new ResponseDesk({
    responded: (route, change, caller) => {
      recorder.responded(route, change, caller);
    },
    tuned: (route, change) => {
      recorder.tuned(route, change);
    },
  });
  const source = {
    decide:
      decide ??
      (async (served: readonly Served[]) =>
        watch.watched(await admit(await openProject(project.folder), routes, served, desk))),
    watch: (changed: () => void) => watchEvidence(project, changed),
  };
  const switched = (served: Served, admission: Admission): void => {
    // One model can have several routes: what is told of is the very one that was asked about.
    const route = routes.find((each) => each === served);
    if (isKnown?.(served, route?.path ?? '/', admission) === true) return;
    tells(switchLine(served, admission));
    recorder.switched(served, route?.path ?? '/', admission);
  };
  const times = { recheck: recheckMs, grace: defaultGrace };
  const opened = (of: AdmissionSource): Admissions => new Admissions(of, routes, times, switched);
  return bound === undefined ? opened(source) : bound.admissions(source, opened);
}

const switchLine = ({ model, environment }: Served, admission: Admission): string =>
  admission.isAdmitted
    ? `serving  ${model} in ${environment}   ${admission.artifact.slice(0, 19)}`
    : `stopped  ${model} in ${environment}   ${admission.reasons.join(', ')}${admission.detail === undefined ? '' : `: ${admission.detail}`}`;

/** Unlike every other of the project, and of a kind that file systems take. */
export const gatewayName = (now: Date): string =>
  `g-${now.toISOString().replaceAll(/[-:]/g, '').replace(/\.\d+/, '').toLowerCase()}-${process.pid}`;

function originOf({ address }: Gateway, { listen }: DeclaredGateway): string {
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${listen.tls === undefined ? 'http' : 'https'}://${host}:${address.port}`;
}
