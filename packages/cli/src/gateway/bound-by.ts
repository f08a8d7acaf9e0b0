import { join } from 'node:path';
import type { Admission } from '@holdfast/gateway/admission/admission';
import type { Project } from '@holdfast/pipeline/project';
import type { ServedDecision } from '@holdfast/pipeline/serving/decide-served';
import type { DeclaredRoute } from './declared-gateway.ts';

type Admitted = Extract<Admission, { isAdmitted: true }>;

/** What the model server of a route is held against, and what was last said of a candidate there. */
export function boundBy(
  { folder }: Pick<Project, 'folder'>,
  { found, switches }: Extract<ServedDecision, { isAdmitted: true }>,
  { path, environment }: DeclaredRoute,
): Pick<Admitted, 'bytes' | 'switched'> {
  const last = switches.findLast((each) => each.environment === environment && each.route === path);
  return {
    bytes: { path: join(folder, found.path), digests: found.digest.digests },
    ...(last === undefined ? {} : { switched: { index: last.index, weight: last.weight } }),
  };
}
