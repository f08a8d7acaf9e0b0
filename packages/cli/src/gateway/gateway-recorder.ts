import { artifactId } from '@holdfast/evidence/statement';
import { GatewayError } from '@holdfast/gateway';
import type { Admission, Served } from '@holdfast/gateway/admission/admission';
import type { LogSegment } from '@holdfast/gateway/log/request-log';
import type { ResponseChange } from '@holdfast/gateway/protection/response/caller-response';
import type { TuningChange } from '@holdfast/gateway/protection/response/tuning';
import type { AlarmChange } from '@holdfast/gateway/watch/alarm';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import type { Project } from '@holdfast/pipeline/project';
import { recordGatewayResponse, recordGatewayTuning } from '@holdfast/pipeline/serving/record-response';
import { recordAlert, recordRequestLog, recordServing } from '@holdfast/pipeline/serving/record-serving';
import type { DeclaredRoute } from './declared-gateway.ts';

export interface RecorderOptions {
  readonly project: Project;
  /** As the evidence calls this gateway. */
  readonly gateway: string;
  readonly key?: string;
  /** What could not be put on record: it is said, and serving goes on on what the ledger says already. */
  readonly failed: (what: string, error: unknown) => void;
}

/** Puts on record what a gateway did, one thing after the other: the ledger has one writer. */
export class GatewayRecorder {
  readonly #options: RecorderOptions;
  #tail: Promise<void> = Promise.resolve();
  /** Pieces of evidence that were recorded. */
  recorded = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  switched({ model, environment }: Served, route: string, admission: Admission): void {
    const { project, gateway, key } = this.#options;
    const switchedOn = new Date().toISOString();
    this.#next(`that \`${model}\` is ${admission.isAdmitted ? 'served' : 'stopped'}`, async () => {
      const found = await findArtifact(project, model, project.folder);
      const reasons = admission.isAdmitted ? [] : admission.reasons.map((reason) => reason.slice(0, 200)).slice(0, 100);
      const binding = (admission.isAdmitted ? admission.binding : undefined) ?? 'asserted';
      const state = admission.isAdmitted ? 'served' : 'stopped';
      const serving = { gateway, environment, route, state, reasons, binding, switchedOn } as const;
      await recordServing(project, found, serving, key);
    });
  }

  responded({ model, environment, path }: DeclaredRoute, change: ResponseChange, caller: string | undefined): void {
    const { project, gateway, key } = this.#options;
    const { from, to, reason, points, atMs, untilMs } = change;
    // An end that was foreseen is on record already.
    if (to === 'none') return;
    this.#next(`that \`${caller ?? 'everybody'}\` is answered otherwise`, async () => {
      const found = await findArtifact(project, model, project.folder);
      const response = {
        ...{ gateway, environment, route: path, ...(caller === undefined ? {} : { caller: caller.slice(0, 1024) }) },
        ...{
          from,
          to,
          reason,
          points,
          changedOn: new Date(atMs).toISOString(),
          until: new Date(untilMs).toISOString(),
        },
      };
      await recordGatewayResponse(project, found, response, key);
    });
  }

  tuned({ model, environment, path }: DeclaredRoute, { from, to, reason, atMs }: TuningChange): void {
    const { project, gateway, key } = this.#options;
    this.#next('that thresholds moved', async () => {
      const found = await findArtifact(project, model, project.folder);
      const changedOn = new Date(atMs).toISOString();
      await recordGatewayTuning(
        project,
        found,
        { gateway, environment, route: path, from, to, reason, changedOn },
        key,
      );
    });
  }

  /** @param gateway whose log it is a part of, where that is another process */
  ended({ path, entries, first, before, last }: LogSegment, gateway = this.#options.gateway): void {
    const { project, key } = this.#options;
    const endedOn = new Date().toISOString();
    this.#next(`${entries} requests`, async () => {
      const part = { gateway, entries, first, before, last, endedOn };
      await recordRequestLog(project, { file: path, part, ...(key === undefined ? {} : { key }) });
    });
  }

  /** Puts an alarm on record, about the model that was served when it was raised. */
  alerted({ model, environment }: Served, { route, rule, state, value, bounds, artifact, time }: AlarmChange): void {
    const { project, gateway, key } = this.#options;
    const changedOn = new Date(time).toISOString();
    this.#next(`that \`${rule}\` is ${state}`, async () => {
      const found = await findArtifact(project, model, project.folder);
      if (artifactId({ ...found.digest.digests }) !== artifact) {
        throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', `\`${model}\` is not what was served then`);
      }
      const alert = { gateway, environment, route, rule: asciiRule(rule), state, value, ...bounds, changedOn };
      await recordAlert(project, found, alert, key);
    });
  }

  /** Puts something else on record, in its turn. */
  also(what: string, work: () => Promise<unknown>): void {
    this.#next(what, work);
  }

  /** Waits for everything that is to be recorded. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  #next(what: string, work: () => Promise<unknown>): void {
    this.#tail = this.#tail.then(async () => {
      try {
        await work();
        this.recorded += 1;
      } catch (error) {
        this.#options.failed(what, error);
      }
    });
  }
}

/** Names of features are whatever a data set calls its columns. */
const asciiRule = (rule: string): string => rule.replaceAll(/[^ -~]/g, '?').slice(0, 200);
