import { EvidenceError } from '@holdfast/evidence/errors';
import { isRole, type Role, roles } from '@holdfast/evidence/roles';

/** Reads `builder,checker`. @throws EvidenceError HF_ROLE_UNKNOWN with the nearest role */
export async function readRoles(list: string): Promise<readonly Role[]> {
  const names = list.split(',').map((word) => word.trim());
  const unknown = names.find((name) => !isRole(name));
  if (unknown === undefined) return names.filter(isRole);
  const { nearest } = await import('@holdfast/contracts/wording');
  const meant = nearest(unknown, roles);
  throw new EvidenceError('HF_ROLE_UNKNOWN', `there is no role \`${unknown.slice(0, 60)}\``, {
    ...(meant === undefined ? {} : { fix: `did you mean \`${meant}\`?` }),
  });
}
