import type { PolicyJson } from './cedar.ts';
import { namespace } from './schema.ts';

/** An entity's type and id; in Cedar's JSON also wrapped as `{ __entity }`. */
export interface EntityId {
  readonly type: string;
  readonly id: string;
}

interface Constraint {
  readonly op: string;
  readonly entity?: EntityId | { readonly __entity: EntityId };
  readonly entities?: readonly (EntityId | { readonly __entity: EntityId })[];
  readonly entity_type?: string;
  readonly in?: Constraint;
}

/**
 * Whether the head of a policy, `(principal …, action …, resource …)`, covers a request. Only for explanations: Cedar
 * decides. Holdfast's entities have no parents, so `in` is equality.
 */
export function scopeCovers(
  { principal, action, resource }: PolicyJson,
  request: { readonly principal: EntityId; readonly action: EntityId; readonly resource: EntityId },
): boolean {
  return (
    covers(principal as Constraint, request.principal) &&
    covers(action, request.action) &&
    covers(resource as Constraint, request.resource)
  );
}

/** Whether a policy speaks of an action at all, whoever asks and about what. */
export function scopeAllowsAction({ action }: PolicyJson, wanted: EntityId): boolean {
  return covers(action, wanted);
}

function covers(constraint: Constraint, entity: EntityId): boolean {
  if (constraint.op === 'All') return true;
  if (constraint.op === 'is') {
    return (
      constraint.entity_type === entity.type &&
      (constraint.in === undefined || covers({ ...constraint.in, op: 'in' }, entity))
    );
  }
  const named = constraint.entities ?? (constraint.entity === undefined ? [] : [constraint.entity]);
  return named
    .map((entry) => ('__entity' in entry ? entry.__entity : entry))
    .some(({ type, id }) => type === entity.type && id === entity.id);
}

export const actionId = (action: string): EntityId => ({ type: `${namespace}::Action`, id: action });
