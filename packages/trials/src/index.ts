export { TrialsError, type TrialsErrorCode, trialsErrors } from './errors.ts';
export type { Facts, ValueFacts } from './gradient/facts.ts';
export { probeFacts } from './gradient/probe-facts.ts';
