import type { ArtifactReader } from '@holdfast/evidence/check';
import { DataError } from '../../errors.ts';
import { largestPlan, parsePlan } from './parse-plan.ts';
import type { Plan } from './plan.ts';

/** The plan in a file that an option names. @throws DataError HF_DATA_MASK_PLAN, EvidenceError HF_DIGEST_CHANGED */
export async function readPlan(reader: ArtifactReader | undefined): Promise<Plan> {
  const file = reader?.files[0];
  if (reader === undefined || file === undefined || reader.files.length !== 1) {
    throw new DataError('HF_DATA_MASK_PLAN', 'there is no such plan', { where: 'plan' });
  }
  if (file.size > largestPlan) {
    throw new DataError('HF_DATA_MASK_PLAN', `\`${reader.name}\` has more than ${largestPlan} bytes`, {
      where: 'plan',
    });
  }
  return parsePlan(new TextDecoder().decode(await reader.read(file.name, largestPlan)));
}
