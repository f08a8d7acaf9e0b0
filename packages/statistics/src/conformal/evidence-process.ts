/** Above this nothing is said any more by growing. */
const most = 1e200;

/**
 * Evidence that something changed, at a moment nobody knows: the sum over all starts s of w(s) · Π e(s..t), Σ w = 1, for pay-offs e whose
 * mean is at most 1 whatever came before. Its mean never is above 1, so that by Ville's inequality the chance that it ever reaches 1/α is at
 * most α (J. Shin, A. Ramdas, A. Rinaldo, "E-detectors", 2022; V. Vovk et al., "Testing randomness online", 2021). Half of w is the first
 * moment, and s-th 1/(2s(s − 1)).
 * @param value the sum so far, 0 before anything
 * @param step how many pay-offs there were, this one counted: from 1 on
 */
export function nextEvidence(value: number, step: number, payoff: number): number {
  const start = step === 1 ? 0.5 : 0.5 / (step * (step - 1));
  return Math.min(most, (value + start) * payoff);
}
