import { availableParallelism } from 'node:os';
import type { Signer } from '@holdfast/evidence/keys';
import { requireChecks } from './check-registry.ts';
import { declaredChecks } from './declared-checks.ts';
import { InputClasses } from './input-classes.ts';
import type { Project } from './project.ts';
import { type RunSession, type RunSessionRequest, withRunSession } from './run-session.ts';
import { runStage, type StageContext, type StageRun, secretsOf } from './run-stage.ts';
import { signerFor } from './signers.ts';
import { digestPaths } from './stage-files.ts';
import type { StageNode } from './stage-graph.ts';
import { type StageState, stageState } from './stage-state.ts';
import { type CheckEvent, type CheckOutcome, type CheckVisit, visitCheck } from './visit-check.ts';

export interface RunRequest extends RunSessionRequest {
  /** Stages to run, with what they need; none: all. */
  readonly stages: readonly string[];
  /** Also run what is about to go stale. */
  readonly due: boolean;
  /** Run also what is current. */
  readonly force: boolean;
  /** Name of the key that signs the checks; absent: the first that holds the role. */
  readonly checker?: string;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What happens during a run, as it happens. */
export type RunEvent =
  | { readonly type: 'stage-started'; readonly stage: string; readonly reason: string }
  | { readonly type: 'stage-ended'; readonly outcome: StageOutcome }
  | { readonly type: 'output'; readonly stage: string; readonly chunk: Uint8Array }
  | CheckEvent
  | { readonly type: 'check-ended'; readonly outcome: CheckOutcome };

export interface StageOutcome {
  readonly stage: string;
  readonly status: 'ran' | 'current' | 'failed' | 'blocked';
  /** Why it ran, failed or was not run. */
  readonly reason: string;
  readonly run?: StageRun;
  readonly error?: Error;
}

export interface PipelineOutcome {
  readonly stages: readonly StageOutcome[];
  readonly checks: readonly CheckOutcome[];
  readonly recorded: number;
  readonly ledgerSize: number;
}

/**
 * Runs what changed: stages in the order of their graph, independent ones in parallel, then the checks of the
 * artifacts. A stage that fails stops what depends on it, and nothing else.
 *
 * @throws PipelineError HF_RUN_IN_PROGRESS, HF_CLOCK, HF_NO_SIGNER, HF_STAGE_UNKNOWN, HF_LEDGER_ROLLED_BACK,
 *   HF_CHECK_UNKNOWN, HF_CHECK_OPTIONS, HF_SECRET_…
 */
export async function runPipeline(project: Project, request: RunRequest): Promise<PipelineOutcome> {
  requireChecks(project.config.checks);
  return withRunSession(project, request, async (opened) => {
    const checker = await signerFor(project, opened.view.trust, ['checker'], request.checker);
    const visit = { ...opened, request, checker: checker.signer, staleAfterMs: staleAfterMs(project) };
    const session = { ...visit, classes: new InputClasses(visit) };
    const stages = await runStages(session);
    const checks = await runChecks(session);
    const recorded = [
      ...stages.flatMap(({ run }) => run?.evidence ?? []),
      ...checks.flatMap(({ evidence, access = [], further = [] }) => [
        ...[...access, ...(evidence === undefined ? [] : [evidence]), ...further],
      ]),
    ];
    return { stages, checks, recorded: recorded.length, ledgerSize: opened.recorder.ledger.size };
  });
}

/** What a run of the pipeline works with. */
interface Session extends RunSession, CheckVisit {
  readonly request: RunRequest;
  readonly checker: Signer;
  readonly classes: InputClasses;
}

/** The stages that were asked for, with what they need, in running order. */
function selectStages({ project, request }: Session): readonly StageNode[] {
  if (request.stages.length === 0) return project.graph.stages;
  const wanted = new Set<string>();
  const add = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    project.graph.stage(name).needs.forEach(add);
  };
  request.stages.forEach(add);
  return project.graph.stages.filter(({ name }) => wanted.has(name));
}

/** Starts every stage as soon as what it needs is done, at most one a processor. */
async function runStages(session: Session): Promise<readonly StageOutcome[]> {
  const selected = selectStages(session);
  await requireSecrets(selected, session);
  const outcomes = new Map<string, Promise<StageOutcome>>();
  const slots = new Slots(availableParallelism());
  for (const stage of selected) {
    const needs = stage.needs.flatMap((need) => outcomes.get(need) ?? []);
    outcomes.set(
      stage.name,
      Promise.all(needs).then(async (before) => {
        const blocker = before.find(({ status }) => status === 'failed' || status === 'blocked');
        const outcome =
          blocker === undefined ? await slots.use(() => visitStage(stage, session)) : blocked(stage, blocker);
        session.request.onEvent?.({ type: 'stage-ended', outcome });
        return outcome;
      }),
    );
  }
  // All must have ended before one's failure is told: the ledger is closed and the lock released then.
  await Promise.allSettled(outcomes.values());
  return Promise.all(outcomes.values());
}

/** What is to run must find its secrets: better known now than hours later. The values are read again when needed. */
async function requireSecrets(selected: readonly StageNode[], session: Session): Promise<void> {
  for (const stage of selected.filter(({ secrets }) => secrets.length > 0)) {
    const state = await stateNow(stage, session);
    if (state.state === 'due' || session.request.force) secretsOf(stage, session.project);
  }
}

function blocked(stage: StageNode, blocker: StageOutcome): StageOutcome {
  return { stage: stage.name, status: 'blocked', reason: `\`${blocker.stage}\` did not succeed` };
}

async function visitStage(stage: StageNode, session: Session): Promise<StageOutcome> {
  const { request } = session;
  try {
    const state = await stateNow(stage, session);
    if (state.state === 'current' && !request.force)
      return { stage: stage.name, status: 'current', reason: 'nothing changed' };
    const reason = state.state === 'due' ? state.reason : 'asked for';
    request.onEvent?.({ type: 'stage-started', stage: stage.name, reason });
    const builder = await session.builderOf(stage);
    const isolation = await session.isolations.of(stage);
    const classified = await session.classes.of(stage);
    const run = await runStage(stage, { ...stageContext(session), builder, isolation, classified });
    return { stage: stage.name, status: 'ran', reason, run };
  } catch (error) {
    if (request.signal.aborted || !(error instanceof Error)) throw error;
    return { stage: stage.name, status: 'failed', reason: error.message, error };
  }
}

async function stateNow(stage: StageNode, session: Session): Promise<StageState> {
  const { project, request, view, cache, isolations } = session;
  const paths = [...stage.inputs, ...stage.outputs].map(({ path }) => path);
  const files = await digestPaths(project.folder, paths, cache);
  const due = request.due ? { now: new Date(), staleAfterMs: staleAfterMs(project, stage) } : undefined;
  const demand = await isolations.demandOf(stage);
  return stageState(stage, view, files, files, due, demand?.level);
}

/** The shortest life that the stage, or an environment that its evidence is for, allows. */
function staleAfterMs({ config }: Project, stage?: StageNode): number {
  const lives = [stage?.maxAgeMs, ...Object.values(config.environments).map(({ maxAge }) => maxAge)];
  return Math.min(...lives.map((life) => life ?? Number.POSITIVE_INFINITY)) * dueShare;
}

/** Evidence is renewed when this share of its life is over, so that it does not run out between two runs. */
const dueShare = 0.8;

function stageContext(session: Session): Omit<StageContext, 'builder' | 'isolation'> {
  const { onEvent, signal } = session.request;
  return {
    ...session,
    signal,
    ...(onEvent === undefined
      ? {}
      : {
          onOutput: (stage, chunk) => {
            onEvent({ type: 'output', stage, chunk });
          },
        }),
  };
}

/** Runs the checks of every artifact that is there, unless a report on the same bytes and options is. */
async function runChecks(session: Session): Promise<readonly CheckOutcome[]> {
  const { config } = session.project;
  const outcomes: CheckOutcome[] = [];
  for (const artifact of Object.keys(config.checks)) {
    for (const asked of declaredChecks(config, artifact)) {
      const earlier = session.classes.outcomeOf(artifact, asked.name);
      const outcome = await (earlier ?? visitCheck(artifact, asked, session));
      session.request.onEvent?.({ type: 'check-ended', outcome });
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

/** At most so many pieces of work at a time, first come, first served. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = Math.max(1, count);
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
