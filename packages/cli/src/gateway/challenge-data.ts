import { join } from 'node:path';
import { readSamples } from '@holdfast/dataset';
import { formatOf } from '@holdfast/dataset/format';
import { GatewayError } from '@holdfast/gateway';
import type { ChallengeData } from '@holdfast/gateway/binding/challenge-rows';
import { findArtifact } from '@holdfast/pipeline/artifacts';
import type { Project } from '@holdfast/pipeline/project';
import type { DeclaredRoute } from './declared-gateway.ts';

const mostRows = 10_000;

/**
 * The first rows of the data set of a challenge, without the columns that the model does not see (`protections.leave`).
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where they cannot be read
 */
export async function challengeData(
  project: Project,
  { challenge, protections }: DeclaredRoute,
): Promise<ChallengeData> {
  const named = challenge?.data ?? '';
  try {
    const { path } = await findArtifact(project, named, project.folder);
    const file = join(project.folder, path);
    const isTable = ['csv', 'parquet', 'json-lines'].includes(formatOf(file));
    const { values, shape, columns } = await readSamples(file);
    const rows = Math.min(shape[0] ?? 0, mostRows);
    const width = values.length / Math.max(shape[0] ?? 0, 1);
    const first = { rows, values: values.subarray(0, rows * width) };
    return isTable && columns !== undefined ? kept({ ...first, columns }, new Set(protections?.leave)) : first;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('HF_GATEWAY_CONFIGURATION', `the data of \`challenge\` cannot be read: ${why}`, { cause });
  }
}

function kept(data: Required<ChallengeData>, leave: ReadonlySet<string>): ChallengeData {
  const { rows, values, columns } = data;
  const at = columns.flatMap(({ name }, place) => (leave.has(name) ? [] : [place]));
  const out = new Float32Array(rows * at.length);
  for (let row = 0; row < rows; row += 1) {
    for (const [index, place] of at.entries()) {
      out[row * at.length + index] = values[row * columns.length + place] as number;
    }
  }
  return { rows, values: out, columns: at.map((place) => columns[place] as (typeof columns)[number]) };
}
