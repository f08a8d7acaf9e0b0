import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { leftPart, partsOf } from '@holdfast/gateway/log/left-parts';
import { LiveLock } from '@holdfast/gateway/log/live-lock';
import { type Project, verifyProject } from '@holdfast/pipeline/project';
import type { GatewayRecorder } from './gateway-recorder.ts';

/** Where a project's gateways keep what they were asked, and say that they are there. */
export const logFolder = ({ folder }: Pick<Project, 'folder'>): string => join(folder, '.holdfast', 'gateway');
export const liveFolder = ({ folder }: Pick<Project, 'folder'>): string => join(folder, '.holdfast', 'gateway-live');

/** Whether the process of a log is there. */
export async function isLive(project: Pick<Project, 'folder'>, name: string): Promise<boolean> {
  if (!existsSync(join(liveFolder(project), name))) return false;
  const lock = await LiveLock.take(liveFolder(project), name);
  lock?.release(false);
  return lock === undefined;
}

export interface LeftLogs {
  readonly project: Project;
  readonly recorder: Pick<GatewayRecorder, 'ended' | 'settled'>;
  readonly tells: (line: string) => void;
  /** Only this one; otherwise every log whose process is gone. */
  readonly only?: string;
}

/**
 * Puts on record what gateways of this project left when they were killed: parts of their logs whose chain is whole and that no evidence
 * is about yet. Logs of gateways that are there are left alone.
 */
export async function recordLeftLogs({ project, recorder, tells, only }: LeftLogs): Promise<void> {
  const folder = liveFolder(project);
  const names = !existsSync(folder) ? [] : readdirSync(folder).filter((name) => only === undefined || name === only);
  for (const name of names) {
    const lock = await LiveLock.take(folder, name);
    if (lock === undefined) continue;
    let isDone = false;
    try {
      await recorder.settled();
      isDone = await recordLog(name, { project, recorder, tells });
    } catch (error) {
      tells(`not on record: what ${name} left: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      lock.release(isDone);
    }
  }
}

async function recordLog(name: string, { project, recorder, tells }: LeftLogs): Promise<boolean> {
  const parts = existsSync(logFolder(project)) ? partsOf(logFolder(project), name) : [];
  if (parts.length === 0) return true;
  let known = await recordedOf(project, name);
  const wanted: number[] = [];
  let isWhole = true;
  for (const path of parts) {
    const part = await leftPart(path);
    if (part === undefined) continue;
    if (!part.isWhole) {
      isWhole = false;
      tells(`not on record: \`${path}\` of ${name}, which was killed: ${part.why}`);
      continue;
    }
    const { segment, cut } = part;
    if (known.has(segment.first)) continue;
    tells(
      `left     ${segment.entries} requests by ${name}, which was killed${cut > 0 ? '; a torn last line is cut off' : ''}`,
    );
    wanted.push(segment.first);
    recorder.ended(segment, name);
  }
  await recorder.settled();
  if (wanted.length > 0) known = await recordedOf(project, name);
  return isWhole && wanted.every((first) => known.has(first));
}

/** Places of the first entries of those parts that evidence is about. */
async function recordedOf(project: Project, name: string): Promise<ReadonlySet<number>> {
  const { evidence } = await verifyProject(project);
  const parts = evidence.flatMap((piece) => evidenceAs('requestLog', piece)?.statement.predicate ?? []);
  return new Set(parts.filter(({ gateway }) => gateway === name).map(({ first }) => first));
}
