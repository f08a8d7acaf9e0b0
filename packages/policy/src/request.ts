import type { ArtifactFacts } from './artifact-facts.ts';

/** What a policy can be asked about. */
export const actions = ['run', 'sign', 'promote', 'deploy', 'invoke', 'decrypt', 'approve', 'shred', 'revoke'] as const;
export type Action = (typeof actions)[number];

/** Who asks. */
export interface Principal {
  /** `Key` (default): `id` is the key id in lower-case hex. `Person`: `id` is the account name. */
  readonly type?: 'Key' | 'Person';
  readonly id: string;
  readonly name: string;
  /** Roles that the principal holds now: `builder`, `checker`, `approver`, `witness`, `auditor`. */
  readonly roles: readonly string[];
  /** Of a caller: models that its key or token is for. Absent where it is not kept to any. */
  readonly scopes?: readonly string[];
  /** Of a caller: whom it belongs to. */
  readonly tenant?: string;
}

/** How it is known that a model server runs the model, weakest first: the index is `bindingLevel` in policies. */
export const bindings = ['asserted', 'challenged', 'launched'] as const;
export type Binding = (typeof bindings)[number];

/** What a stage may reach: nothing, hosts that are listed, or anything. */
export const networks = ['none', 'listed', 'open'] as const;

/** What a gate knows beside the artifact; ages are computed outside of Cedar. */
export interface GateContext {
  readonly environment: string;
  /** Every piece of evidence that the facts were taken from has verified. */
  readonly evidenceVerified: boolean;
  /** Age of the oldest evidence that counts, in hours; rounded up. Negative (a clock in the past) counts as absent. */
  readonly oldestEvidenceHours?: number;
  /** The moment of the decision, RFC 3339 in UTC (`2026-11-20T10:00:00.000Z`). */
  readonly now?: string;
  /** Of a run: what its stage may reach. */
  readonly network?: (typeof networks)[number];
  /** Of a run: how it is separated from the machine, as `provenance.isolationLevel`. */
  readonly isolationLevel?: number;
  /**
   * Of a run: how confidential the artifact is, as the higher of what is declared and what `data.classify` measured: 0 public,
   * 1 internal, 2 confidential, 3 restricted. Absent where it is not known.
   */
  readonly classLevel?: number;
  /** Of an invocation: what the project calls the model. */
  readonly model?: string;
  /** Of an invocation: how it is known that the model server runs the artifact; policies read `bindingLevel`, too. */
  readonly binding?: Binding;
}

/** One question to a policy. A missing principal or artifact is denied. */
export interface GateRequest {
  readonly principal?: Principal;
  readonly action: Action;
  readonly artifact?: {
    /** Digest of the artifact: `sha256:…`. */
    readonly id: string;
    /** How a person calls it, for messages and commands: `build/model`. Default: the id. */
    readonly name?: string;
    readonly facts: ArtifactFacts;
  };
  readonly context: GateContext;
}

/** Why a request was denied: one entry per rule that denied it. */
export interface Reason {
  /** `@id` of the policy, or `request` where the request itself could not be judged. */
  readonly policy: string;
  /** One line for people, without the id. */
  readonly message: string;
  /** Path of the attribute that was absent, without `resource.`: `trial.robustness`, `context.oldestEvidenceHours`. */
  readonly missing?: string;
  /** What the evidence says, and what the policy asks, where the rule compares with a constant. */
  readonly measured?: string;
  readonly asked?: string;
  /** The command that would produce what is missing. */
  readonly fix?: string;
}

/** What Cedar was given, canonical JSON (RFC 8785): enough to ask it the same question again. */
export interface CedarRequest {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: string;
  readonly entities: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** Empty exactly when allowed. */
  readonly reasons: readonly Reason[];
  /** Ids of the requirements (`forbid … unless`) that apply to this request and were met, in file order. */
  readonly passed: readonly string[];
  /** SHA-256, lower-case hex: of the policy texts with the built-in ones, of the schema text, of the entities. */
  readonly policyDigest: string;
  readonly schemaDigest: string;
  readonly entitiesDigest: string;
  /** Absent where the request had no principal, artifact or known action to ask about. */
  readonly request?: CedarRequest;
}
