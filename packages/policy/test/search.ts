import { isAllowed } from '../src/decide.ts';
import type { LoadedPolicy } from '../src/load-policy.ts';
import { mutated, seeded } from './requests.ts';

/** Names of the mutations of every request that was answered wrongly: empty, if all is well. */
export function wrongAnswers(policy: LoadedPolicy, requests: number, seed: number): string[] {
  const random = seeded(seed);
  const wrong: string[] = [];
  for (let count = 0; count < requests; count++) {
    const { request, names, harmful } = mutated(random, 1 + Math.floor(random() * 4));
    if (isAllowed(policy, request) === harmful) wrong.push(names.join('; '));
  }
  return wrong;
}
