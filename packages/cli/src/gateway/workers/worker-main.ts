import type { Socket } from 'node:net';
import { Admissions, defaultGrace } from '@holdfast/gateway/admission/admissions';
import { HandedConnections } from '@holdfast/gateway/http/handed-connections';
import type { LogSegment } from '@holdfast/gateway/log/request-log';
import type { FromWorker, ToWorker } from '@holdfast/gateway/workers/worker-messages';
import type { Configuration } from '@holdfast/pipeline/configuration';
import { type Project, projectOf } from '@holdfast/pipeline/project';
import type { ServedDecision } from '@holdfast/pipeline/serving/decide-served';
import { watchEvidence } from '@holdfast/pipeline/serving/watch-evidence';
import { admitted } from '../admit.ts';
import { type DeclaredGateway, declaredGateway } from '../declared-gateway.ts';
import { openServing, type Serving } from '../open-serving.ts';
import { ResponseDesk, silent } from '../response-desk.ts';
import { TallySince } from './tally-since.ts';

/** What a worker is given to serve. */
export interface WorkerSetup {
  readonly configuration: Configuration;
}

const tallyEveryMs = 1000;
/** What a process that drains may take beyond what it lets requests take, until it ends whatever it waits for. */
const graceMs = 5000;
const waiting = new Map<number, (decisions: readonly ServedDecision[]) => void>();
let calls = 0;

const tell = (message: FromWorker): void => {
  // A supervisor that is gone is heard of by its channel.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

/** What the gate says, as the supervisor asked it. Where the supervisor is gone it is nothing: then nothing is served any more. */
function askSupervisor(): Promise<readonly ServedDecision[]> {
  if (!process.connected) return Promise.resolve([]);
  calls += 1;
  const call = calls;
  return new Promise((resolve) => {
    waiting.set(call, resolve);
    tell({ kind: 'decide', call });
  });
}

function openWorker(name: string, { configuration }: WorkerSetup, handed: HandedConnections) {
  const project = projectOf(configuration);
  const declared = declaredGateway(project.config.gateway, project.folder);
  const told = (line: string): void => {
    tell({ kind: 'told', line });
  };
  const recorder = {
    recorded: 0,
    ended: (segment: LogSegment) => {
      tell({ kind: 'ended', segment });
    },
    settled: () => Promise.resolve(),
  };
  const worker = { name, recorder, handed, admissions: admissionsOf(project, declared) };
  return { declared, serving: openServing(project, declared, { tells: told, worker }) };
}

/** It watches the evidence itself: an old answer ends in time, whatever the supervisor does. */
function admissionsOf(project: Project, { routes, recheckMs }: DeclaredGateway): Admissions {
  // What is done about callers is for one process to decide: `workers` and `response` do not go together.
  const desk = new ResponseDesk(silent);
  const source = {
    decide: async () => admitted(project, routes, await askSupervisor(), desk),
    watch: (changed: () => void) => watchEvidence(project, changed),
  };
  return new Admissions(source, routes, { recheck: recheckMs, grace: defaultGrace }, () => undefined);
}

const handed = new HandedConnections();
let serving: Promise<Serving> | undefined;

async function start({ name, setup }: Extract<ToWorker, { kind: 'start' }>): Promise<void> {
  try {
    const opened = openWorker(name, setup as WorkerSetup, handed);
    drainMs = opened.declared.drainMs;
    serving = opened.serving;
    const { tally } = await serving;
    const since = new TallySince(tally, tell);
    setInterval(() => {
      since.tell();
    }, tallyEveryMs).unref();
    ending.push(() => {
      since.tell();
    });
    tell({ kind: 'ready' });
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    process.disconnect();
  }
}

const ending: (() => void)[] = [];
let isDraining = false;
let drainMs = 0;

async function drain(): Promise<void> {
  if (isDraining) return;
  isDraining = true;
  setTimeout(() => process.exit(1), drainMs + graceMs).unref();
  try {
    await (await serving)?.close();
    for (const end of ending) end();
  } finally {
    if (process.connected) process.disconnect();
    // Timers of what was served are of no use any more.
    setImmediate(() => process.exit());
  }
}

process.on('message', (message: ToWorker, socket?: Socket) => {
  if (message.kind === 'start') void start(message);
  else if (message.kind === 'connection') {
    // One that was closed meanwhile comes without.
    if (socket === undefined) return;
    tell({ kind: 'taken', place: message.place });
    handed.take(socket);
  } else if (message.kind === 'decided') {
    waiting.get(message.call)?.(message.decisions as readonly ServedDecision[]);
    waiting.delete(message.call);
  } else void drain();
});
// Whoever started it says when it ends; one that is left alone ends by itself.
process.on('disconnect', () => {
  for (const answer of waiting.values()) answer([]);
  waiting.clear();
  void drain();
});
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);
// It may have been left alone while it was loaded.
if (!process.connected) void drain();
