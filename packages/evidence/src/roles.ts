import { predicateTypes } from './predicates/types.ts';

/**
 * What a key may do. `authority` grants and revokes the others; `builder` runs stages, `checker` runs checks,
 * `approver` approves and withdraws, `witness` cosigns checkpoints, `auditor` reads and decides nothing.
 */
export const roles = ['authority', 'builder', 'checker', 'approver', 'witness', 'auditor'] as const;
export type Role = (typeof roles)[number];

export function isRole(name: string): name is Role {
  return (roles as readonly string[]).includes(name);
}

/**
 * The roles of which a signer needs one for its evidence to count, by predicate type.
 * A predicate type that is not listed counts for nothing.
 */
export const rolesFor: Readonly<Record<string, readonly Role[]>> = {
  [predicateTypes.run]: ['builder'],
  [predicateTypes.check]: ['checker'],
  [predicateTypes.datasetProfile]: ['checker'],
  [predicateTypes.quarantine]: ['checker'],
  [predicateTypes.columnLineage]: ['checker'],
  [predicateTypes.suspectRows]: ['checker'],
  [predicateTypes.modelSignature]: ['builder', 'approver'],
  [predicateTypes.approval]: ['approver'],
  [predicateTypes.withdrawal]: ['approver', 'authority'],
  [predicateTypes.keyEvent]: ['authority'],
  [predicateTypes.access]: ['builder', 'checker'],
  [predicateTypes.requestLog]: ['builder', 'checker'],
  [predicateTypes.serving]: ['builder', 'checker'],
  [predicateTypes.gatewayAlert]: ['builder', 'checker'],
  [predicateTypes.switch]: ['builder', 'checker', 'approver'],
  [predicateTypes.release]: ['approver'],
  [predicateTypes.gatewayResponse]: ['builder', 'checker', 'approver'],
  [predicateTypes.gatewayTuning]: ['builder', 'checker', 'approver'],
  [predicateTypes.decision]: ['builder', 'checker', 'approver'],
};
