import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Admission, Served as ServedModel } from '@holdfast/gateway/admission/admission';
import type { Admissions } from '@holdfast/gateway/admission/admissions';
import { Supervisor } from '@holdfast/gateway/workers/supervisor';
import type { FromWorker } from '@holdfast/gateway/workers/worker-messages';
import type { WorkerProcess } from '@holdfast/gateway/workers/worker-process';
import { openProject, type Project } from '@holdfast/pipeline/project';
import type { ServedDecision } from '@holdfast/pipeline/serving/decide-served';
import { failureOf } from '../../failure.ts';
import { admitted, decided } from '../admit.ts';
import { type DeclaredGateway, declaredGateway } from '../declared-gateway.ts';
import type { GatewayRecorder } from '../gateway-recorder.ts';
import { recordLeftLogs } from '../left-logs.ts';
import { openAdmissions } from '../open-serving.ts';
import { ResponseDesk, silent } from '../response-desk.ts';
import { sharedAnswers } from './shared-decisions.ts';
import type { WorkerSetup } from './worker-main.ts';

export interface SupervisionOptions {
  readonly folder: string;
  readonly name: string;
  readonly recorder: GatewayRecorder;
  readonly tells: (line: string) => void;
}

/** What is served now, and what the gate says of it to all who serve it. */
interface Served {
  readonly project: Project;
  readonly declared: DeclaredGateway;
  readonly setup: WorkerSetup;
  readonly decisions: () => Promise<readonly ServedDecision[]>;
}

const startMs = 60_000;
const lookEveryMs = 60_000;
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const program = {
  main: fileURLToPath(new URL(`./worker-main.${extension}`, import.meta.url)),
  execArgv: process.execArgv,
};

/** Listens, has workers serve, asks the gate for all of them, and puts on record what they did. */
export class Supervision {
  readonly #options: SupervisionOptions;
  readonly #supervisor: Supervisor;
  readonly #bySetup = new Map<unknown, Served>();
  readonly #codes: Record<string, number> = {};
  #counts = { answered: 0, refused: 0 };
  /** What was told of each route last. */
  readonly #switched = new Map<string, string>();
  #served: Served | undefined;
  #admissions: Admissions | undefined;
  #listener: Server | undefined;
  /** What those who ended left is looked after one after the other. */
  #leaving: Promise<void> = Promise.resolve();
  #looks: NodeJS.Timeout | undefined;
  origin = '';

  constructor(options: SupervisionOptions) {
    this.#options = options;
    this.#supervisor = new Supervisor(
      { program, name: options.name, startMs, drainMs: 10_000 },
      { message: this.#heard, told: options.tells, exited: this.#exited },
    );
  }

  get tally() {
    return { ...this.#counts, codes: this.#codes };
  }

  /** @throws GatewayError HF_GATEWAY_CONFIGURATION; Error of a worker that cannot start */
  async start(project: Project): Promise<void> {
    await this.#serve(project);
    this.#looks = setInterval(() => {
      this.#lookAfter(undefined);
    }, lookEveryMs);
  }

  /**
   * Reads the configuration again, and serves it by other workers. One that is wrong is told of, and what was served goes on.
   * @param isAsked even where nothing stands there that was not there before: programs and certificates may be others
   */
  async reload(isAsked: boolean): Promise<void> {
    const { folder, tells } = this.#options;
    try {
      const project = await openProject(folder);
      if (!isAsked && project.sha256 === this.#served?.project.sha256) return;
      await this.#serve(project);
      tells(`reloaded ${project.file}`);
    } catch (error) {
      const { code, message } = failureOf(error);
      tells(`not reloaded, what was served goes on: ${code}: ${message}`);
    }
  }

  async close(): Promise<void> {
    this.#listener?.close();
    await this.#supervisor.close();
    await this.#admissions?.close();
    clearInterval(this.#looks);
    this.#lookAfter(undefined);
    await this.#leaving;
    await this.#options.recorder.settled();
  }

  async #serve(project: Project): Promise<void> {
    const declared = declaredGateway(project.config.gateway, project.folder);
    const { config, folder, file, sha256 } = project;
    const setup = { configuration: { config, folder, file, sha256 } };
    const decisions = sharedAnswers(async () => decided(project, declared.routes, declared.routes));
    const served = { project, declared, setup, decisions };
    const listener = await this.#listening(declared);
    this.#bySetup.set(setup, served);
    try {
      await this.#supervisor.replace({ count: declared.workers ?? 1, setup });
    } catch (error) {
      this.#bySetup.delete(setup);
      if (listener !== this.#listener) listener.close();
      throw error;
    }
    if (listener !== this.#listener) this.#listener?.close();
    this.#listener = listener;
    this.origin = originOf(listener.address() as AddressInfo, declared);
    await this.#watch(served);
  }

  /** It asks itself, too: what began and ceased to be served is put on record once, whoever serves it. */
  async #watch(served: Served): Promise<void> {
    const { project, declared, decisions } = served;
    await this.#admissions?.close();
    this.#served = served;
    for (const setup of this.#bySetup.keys()) {
      if (setup !== served.setup && this.#supervisor.workers.every((worker) => worker.setup !== setup)) {
        this.#bySetup.delete(setup);
      }
    }
    const desk = new ResponseDesk(silent);
    this.#admissions = openAdmissions(project, declared, {
      ...{ recorder: this.#options.recorder, tells: this.#options.tells },
      decide: async () => admitted(project, declared.routes, await decisions(), desk),
      isKnown: this.#isKnown,
    });
    await this.#admissions.refresh();
  }

  /** A model that is served on as it was does not begin to be served when a configuration is read again. */
  readonly #isKnown = ({ model, environment }: ServedModel, path: string, admission: Admission): boolean => {
    const place = JSON.stringify([model, environment, path]);
    const { isAdmitted, artifact } = admission;
    const now = JSON.stringify([isAdmitted, artifact, isAdmitted ? [] : admission.reasons]);
    if (this.#switched.get(place) === now) return true;
    this.#switched.set(place, now);
    return false;
  };

  /** The listener of now where the address is the same; another that listens before the one of now is closed. */
  async #listening({ listen: { address, port } }: DeclaredGateway): Promise<Server> {
    const now = this.#served?.declared.listen;
    if (this.#listener !== undefined && now?.address === address && now.port === port) return this.#listener;
    const server = createServer({ pauseOnConnect: true, noDelay: true }, this.#supervisor.take);
    server.listen(port, address);
    await once(server, 'listening');
    return server;
  }

  readonly #heard = (worker: WorkerProcess, message: FromWorker): void => {
    const { tells, recorder } = this.#options;
    if (message.kind === 'told') tells(message.line);
    else if (message.kind === 'ended') recorder.ended(message.segment, worker.name);
    else if (message.kind === 'tally') this.#count(message);
    else if (message.kind === 'decide') void this.#decide(worker, message.call);
  };

  async #decide(worker: WorkerProcess, call: number): Promise<void> {
    // What cannot be found out is an answer, too; decisions do not throw.
    const decisions = await this.#bySetup.get(worker.setup)?.decisions();
    worker.tell({ kind: 'decided', call, decisions: decisions ?? [] });
  }

  #count({ answered, codes }: Extract<FromWorker, { kind: 'tally' }>): void {
    this.#counts.answered += answered;
    for (const [code, count] of Object.entries(codes)) {
      this.#counts.refused += count;
      this.#codes[code] = (this.#codes[code] ?? 0) + count;
    }
  }

  readonly #exited = ({ name }: WorkerProcess): void => {
    this.#lookAfter(name);
  };

  /** Puts on record what a worker left, or whatever has been left by now: those of a supervisor that was killed end after it. */
  #lookAfter(only: string | undefined): void {
    const { recorder, tells } = this.#options;
    const project = this.#served?.project;
    if (project === undefined) return;
    const one = only === undefined ? {} : { only };
    this.#leaving = this.#leaving.then(async () => recordLeftLogs({ project, recorder, tells, ...one }));
  }
}

function originOf({ family, address, port }: AddressInfo, { listen }: DeclaredGateway): string {
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `${listen.tls === undefined ? 'http' : 'https'}://${host}:${port}`;
}
