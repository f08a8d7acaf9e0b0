import { homedir } from 'node:os';
import { join } from 'node:path';
import { type DigestCache, openDigestCache } from '@holdfast/evidence/digest/index';
import type { Signer } from '@holdfast/evidence/keys';
import type { Recorder } from '@holdfast/evidence/record';
import type { EvidenceView } from '@holdfast/evidence/view';
import { requireClock } from './clock.ts';
import { acquireRunLock } from './execution/lock.ts';
import { recoverRuns } from './execution/recovery.ts';
import { type Project, verifyProject, withRecorder } from './project.ts';
import { signerFor } from './signers.ts';
import { requireSound } from './sound.ts';
import type { StageNode } from './stage-graph.ts';
import { type IsolationWish, StageIsolations } from './stage-isolation.ts';

/** What everything that runs something may be asked for. */
export interface RunSessionRequest extends IsolationWish {
  /** Name of the key that signs the runs; absent: the owner of the stage, or the first that holds the role. */
  readonly builder?: string;
}

/** Everything that a run works with; the digests of the stages' files are cached between runs. */
export interface RunSession {
  readonly project: Project;
  readonly view: EvidenceView;
  readonly recorder: Recorder;
  /** Signs the runs of a stage: its owner, when it declares one. */
  readonly builderOf: (stage: StageNode) => Promise<Signer>;
  readonly cache: DigestCache;
  readonly isolations: StageIsolations;
}

/**
 * Where digests of toolchains are remembered, which all projects of a user share (XDG Base Directory Specification). In a
 * project they would be thousands of entries each, and every new project would read gigabytes first.
 */
function userCache(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') === true ? base : join(homedir(), '.cache'), 'holdfast');
}

/**
 * Takes the lock of a project, finishes what an earlier run left, verifies the ledger, opens it for writing, and does
 * the work.
 *
 * @throws PipelineError HF_RUN_IN_PROGRESS, HF_RUN_RECOVERY, HF_CLOCK, HF_LEDGER_ROLLED_BACK, HF_LEDGER_FORKED
 */
export async function withRunSession<Result>(
  project: Project,
  request: RunSessionRequest,
  work: (session: RunSession) => Promise<Result>,
): Promise<Result> {
  const lock = await acquireRunLock(project.folder);
  try {
    await recoverRuns(project.folder, { lock });
    const view = await verifyProject(project);
    requireSound(view);
    requireClock(view, new Date());
    const builderOf = async (stage: StageNode): Promise<Signer> =>
      (await signerFor(project, view.trust, ['builder'], request.builder ?? stage.owner)).signer;
    const cache = openDigestCache(join(project.paths.cache, 'digests'));
    const tools = openDigestCache(join(userCache(), 'digests'));
    const isolations = new StageIsolations(project, request, tools);
    try {
      return await withRecorder(project, (recorder) => work({ project, view, recorder, builderOf, cache, isolations }));
    } finally {
      cache.close();
      tools.close();
    }
  } finally {
    lock.release();
  }
}
