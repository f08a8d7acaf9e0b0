import type { Grant, Quotas } from './quota.ts';

const granted: Grant = { isGranted: true, left: Number.POSITIVE_INFINITY };

/** No quota is declared. */
export const unlimited: Quotas = {
  take: () => granted,
  close: () => Promise.resolve(),
};
