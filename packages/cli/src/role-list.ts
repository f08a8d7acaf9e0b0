import { EvidenceError, isRole, type Role } from '@holdfast/evidence';

/** Reads `builder,checker`. @throws EvidenceError HF_ROLE_UNKNOWN */
export function readRoles(list: string): readonly Role[] {
  return list.split(',').map((word) => {
    const name = word.trim();
    if (isRole(name)) return name;
    throw new EvidenceError('HF_ROLE_UNKNOWN', `there is no role \`${name}\``);
  });
}
