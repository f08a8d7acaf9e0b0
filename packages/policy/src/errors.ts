/** Every error that this package raises: what it means and what to do. */
export const policyErrors = {
  HF_POLICY_SYNTAX: {
    exit: 2,
    meaning: 'A policy file is not Cedar.',
    fix: 'correct the line that the message names; the grammar is at docs.cedarpolicy.com',
  },
  HF_POLICY_TOO_BIG: {
    exit: 2,
    meaning: 'A policy file, one policy in it, or the whole set is larger or more deeply nested than allowed.',
    fix: 'split the rule: one forbid per requirement',
  },
  HF_POLICY_EMPTY: {
    exit: 2,
    meaning: 'The policy files hold no policy at all.',
    fix: 'start from the default policy: `holdfast init`',
  },
  HF_POLICY_NO_ID: {
    exit: 2,
    meaning: 'A policy has no usable `@id`, so that a denial could not name it.',
    fix: 'write @id("short-name") above it: letters, digits, `.`, `_`, `-`, at most 64',
  },
  HF_POLICY_DUPLICATE_ID: {
    exit: 2,
    meaning: 'Two policies have the same `@id`, or one has the id of a built-in policy.',
    fix: 'rename one of the two',
  },
  HF_POLICY_TEMPLATE: {
    exit: 2,
    meaning: 'A policy has a slot (`?principal`, `?resource`): templates are not used here.',
    fix: 'write the principal or resource instead of the slot',
  },
  HF_POLICY_UNSUPPORTED: {
    exit: 2,
    meaning: 'A policy uses a part of Cedar that can fail at run time or hide what it reads.',
    fix: 'compare attributes directly; counts and ages are computed outside and passed in the context',
  },
  HF_POLICY_UNKNOWN_ATTRIBUTE: {
    exit: 2,
    meaning: 'A policy reads an attribute that no evidence can ever fill.',
    fix: 'correct the name, or declare the check in holdfast.yaml',
  },
  HF_POLICY_UNKNOWN_VALUE: {
    exit: 2,
    meaning: 'A policy compares an attribute with a word that it can never have.',
    fix: 'use one of the words that the message lists',
  },
  HF_POLICY_FAILS_OPEN: {
    exit: 2,
    meaning: 'A policy could turn missing evidence into an allow.',
    fix: 'demand evidence as `permit … when { resource has x && … }` or `forbid … unless { resource has x && … }`',
  },
  HF_POLICY_ROUNDING: {
    exit: 2,
    meaning: 'A metric is compared against the direction in which it was rounded.',
    fix: 'floors: `metrics.name.greaterThanOrEqual(decimal("…"))`; ceilings: `metricsAtMost.name.lessThanOrEqual(decimal("…"))`',
  },
  HF_POLICY_INVALID: {
    exit: 2,
    meaning: "A policy does not pass Cedar's strict validation against the schema (warnings count).",
    fix: 'guard optional attributes with `has`, and compare values of one type',
  },
  HF_POLICY_CHECK_NAME: {
    exit: 2,
    meaning: 'The name of a known check cannot become an attribute of the resource.',
    fix: 'name checks like `scan` or `trial.robustness`; no name may be the beginning of another',
  },
  HF_POLICY_ENGINE: {
    exit: 3,
    meaning: 'The Cedar engine refused or failed at what Holdfast itself gave it.',
    fix: 'report it with the policy files; nothing is allowed until it is resolved',
  },
  HF_POLICY_DEFAULTS: {
    exit: 2,
    meaning: 'A floor, check or age for the default policy cannot be written as a rule.',
    fix: 'floors: numbers with at most four fractional digits; ages: whole hours above zero',
  },
  HF_POLICY_REPLAY: {
    exit: 1,
    meaning: 'A recorded decision does not follow from the policy and the evidence that it names.',
    fix: 'do not rely on it; run `holdfast gate` again and find out who changed what',
  },
  HF_POLICY_CASES: {
    exit: 2,
    meaning: 'A file of policy tests is not a list of well-formed cases.',
    fix: 'each case: { name, action, expect: "allow" | "deny", facts?, context?, principal?, because? }',
  },
  HF_POLICY_NO_CASES: {
    exit: 2,
    meaning: 'A file of policy tests has no case, so that it would prove nothing.',
    fix: 'write at least one case that is allowed and one that is denied',
  },
} as const satisfies Record<string, { exit: 1 | 2 | 3; meaning: string; fix: string }>;

export type PolicyErrorCode = keyof typeof policyErrors;

/**
 * The one error class of this package.
 *
 * `where` names the file and line or the policy; `fix` says what to do; `exit` is the exit code of the command line.
 */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode;
  readonly fix: string;
  readonly exit: 1 | 2 | 3;
  readonly where?: string;

  constructor(code: PolicyErrorCode, message: string, details: { where?: string; fix?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'PolicyError';
    this.code = code;
    this.fix = details.fix ?? policyErrors[code].fix;
    this.exit = policyErrors[code].exit;
    if (details.where !== undefined) this.where = details.where;
  }
}
