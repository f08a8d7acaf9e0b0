/**
 * What verified evidence says about one artifact: the only material from which a policy's `resource` is built.
 *
 * Every group is optional. A group that is absent means "there is no evidence", never "there is nothing wrong":
 * the loader ({@link loadPolicy}) only accepts policies for which a missing group can turn an allow into a denial,
 * and never the reverse.
 */
export interface ArtifactFacts {
  /** Kind as declared: `dataset`, `model`, `image`, `configuration`, `report`. */
  readonly kind?: string;
  /** Declared risk: `low`, `medium`, `high`. Absent counts as high in the default policy. */
  readonly risk?: string;
  readonly provenance?: ProvenanceFacts;
  readonly evaluation?: EvaluationFacts;
  /** Metrics of the artifact's evaluation stages, by name. Exact here; four fractional digits in Cedar. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly signature?: SignatureFacts;
  readonly approval?: ApprovalFacts;
  readonly standing?: StandingFacts;
  /** Results of checks by full name (`scan`, `trial.robustness`). A verdict `unknown` is treated as absent. */
  readonly checks?: Readonly<Record<string, CheckFacts>>;
}

/** The runs behind the artifact, up to its sources. */
export interface ProvenanceFacts {
  /** Every stage behind the artifact has provenance that verified. */
  readonly complete: boolean;
  /** Every run was signed by the owner that its stage declares. */
  readonly byOwner: boolean;
  /** Every run was signed by a key that had the role `builder` then. */
  readonly byBuilder: boolean;
  /** The weakest isolation of all runs. */
  readonly isolation: Isolation;
  /** Number of runs (not negative). */
  readonly runs: number;
  /** Names of the stages that have provenance. */
  readonly stages: readonly string[];
  /** Number of `run.anomaly` findings over all runs. */
  readonly anomalies: number;
  /** Key ids (lower-case hex) that signed the runs. */
  readonly builders: readonly string[];
}

/** What separated a run from its machine, weakest first: the index is `isolationLevel` in policies. */
export const isolations = ['none', 'sandbox', 'container', 'vm'] as const;
export type Isolation = (typeof isolations)[number];

export interface EvaluationFacts {
  /** Number of evaluation runs (not negative). */
  readonly runs: number;
  /** No digest of evaluation data occurs in the training lineage. */
  readonly separate: boolean;
}

export interface SignatureFacts {
  /** At least one model signature over these bytes verified, and none failed. */
  readonly valid: boolean;
  /** Key ids (lower-case hex) of the signatures that verified. */
  readonly keys: readonly string[];
  /** One of them is a key that the trust material names. */
  readonly byTrustedKey: boolean;
}

export interface ApprovalFacts {
  /** Distinct approvers. */
  readonly count: number;
  /** Distinct approvers who built nothing in the artifact's lineage. */
  readonly byOthers: number;
}

export interface StandingFacts {
  /** The artifact itself has been withdrawn by a revocation. */
  readonly withdrawn: boolean;
  /** Something that the artifact was made from has been withdrawn. */
  readonly ancestorWithdrawn: boolean;
  /** Rows that a quarantine set aside are in it, or in what it was made from. */
  readonly setAside: boolean;
  /** Data that it was made from failed `data.poison`, and nothing was set aside on the way. */
  readonly suspect: boolean;
}

/** The newest report of one check on this artifact. */
export interface CheckFacts {
  readonly verdict: 'pass' | 'warn' | 'fail' | 'unknown';
  readonly origin: 'measured' | 'reported';
  /** Number of findings (not negative). */
  readonly findings: number;
  /** Coverage: how many units were examined, of how many. */
  readonly examined: number;
  readonly total: number;
  readonly metrics?: Readonly<Record<string, number>>;
}
