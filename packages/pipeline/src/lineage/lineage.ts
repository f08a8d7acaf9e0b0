import type { DigestSet } from '@holdfast/evidence/statement';
import type { EvidenceProblem } from '@holdfast/evidence/view';

/** Where an artifact comes from, as far as evidence shows. */
export type Origin =
  /** A run that is on record wrote it. */
  | 'made'
  /** No run wrote it, and a run that read it names the declared source. */
  | 'source'
  /** A run that read it says that a stage made it, and no evidence shows that run. */
  | 'unproven'
  /** Nothing says where it comes from. */
  | 'unknown';

/** The newest report of one check on an artifact. */
export interface CheckMark {
  readonly check: string;
  readonly verdict: 'pass' | 'warn' | 'fail' | 'unknown';
  /** Measured by Holdfast itself, or handed in. */
  readonly origin: 'measured' | 'reported';
  readonly evidence: string;
  /** Its earlier reports on these bytes, by evidence id. */
  readonly earlier: readonly string[];
}

/** Somebody's word about an artifact. */
export interface Word {
  readonly by: string;
  readonly evidence: string;
  /** Of an approval: only for this environment. */
  readonly environment?: string;
  /** Of a withdrawal or an approval: why. */
  readonly reason?: string;
}

/** Bytes that evidence speaks of. */
export interface LineageArtifact {
  /** Every digest of it, `algorithm:hex`, sorted and joined with `+`: the name of the node. */
  readonly id: string;
  readonly digest: DigestSet;
  /** The paths at which evidence saw it, the newest first. */
  readonly paths: readonly string[];
  /** Its names in `holdfast.yaml`, the newest first. */
  readonly names: readonly string[];
  /** `dataset`, `model`, `code` …; absent where no run says it. */
  readonly kind: string | undefined;
  readonly origin: Origin;
  /** The declared sources that runs which read it name. */
  readonly sources: readonly string[];
  /** The stages that are said to have made it; told where none is proven to. */
  readonly claimed: readonly string[];
  readonly checks: readonly CheckMark[];
  readonly approvals: readonly Word[];
  readonly signatures: readonly Word[];
  readonly withdrawals: readonly Word[];
  /** Whether something that it was made from is withdrawn. */
  readonly fromWithdrawn: boolean;
  /** The pieces of evidence that speak of it, in ledger order. */
  readonly evidence: readonly string[];
}

/** One time that a run took place. */
export interface Execution {
  readonly evidence: string;
  readonly index: number;
  readonly invocation: string;
  readonly startedOn: string;
  readonly finishedOn: string;
}

/** A run; executions that differ in nothing but their time are one. */
export interface LineageRun {
  /** Evidence id of its newest execution. */
  readonly id: string;
  readonly project: string;
  readonly stage: string;
  readonly command: string;
  /** Name of the key that signed. */
  readonly builder: string;
  readonly isolation: 'none' | 'sandbox' | 'container' | 'vm';
  /** Whether it was an operation of Holdfast itself, such as hardening a model. */
  readonly isOperation: boolean;
  /** Ids of the artifacts that it read and wrote. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Where each of them lay in this run. */
  readonly paths: Readonly<Record<string, string>>;
  /** How many parts of its toolchain are recorded. */
  readonly toolchain: number;
  /** Ids of the artifacts that it reported metrics about. */
  readonly measured: readonly string[];
  /** In ledger order. */
  readonly executions: readonly Execution[];
}

/** The newest decision about an artifact and an environment. */
export interface LineageDecision {
  /** Its evidence id. */
  readonly id: string;
  readonly artifact: string;
  readonly environment: string;
  /**
   * `revoked`: it was allowed, and the artifact or something behind it is withdrawn. `unknown`: computed again from the
   * evidence of its time, another answer comes out.
   */
  readonly state: 'allowed' | 'denied' | 'revoked' | 'unknown';
  readonly by: string;
  readonly decidedOn: string;
  /** The rules that denied. */
  readonly reasons: readonly string[];
  /** Why it is unknown. */
  readonly problem?: string;
  /** The decisions about the two before it, by evidence id. */
  readonly earlier: readonly string[];
}

/** A file of a folder that is an artifact of its own: one was written and the other read. */
export interface LineagePart {
  readonly from: string;
  readonly to: string;
}

/** What verified evidence shows of where everything comes from and where it went. */
export interface Lineage {
  readonly title: string;
  readonly ledger: { readonly origin: string; readonly size: number };
  /** In the order in which evidence first speaks of them. */
  readonly artifacts: readonly LineageArtifact[];
  readonly runs: readonly LineageRun[];
  readonly decisions: readonly LineageDecision[];
  readonly parts: readonly LineagePart[];
  /** The pieces of evidence behind it: how many of which kind. */
  readonly evidence: Readonly<Record<EvidenceKind, number>>;
  /** What does not verify: not drawn, and nothing can be relied on while there is any. */
  readonly broken: readonly EvidenceProblem[];
  /** What is authentic and counts for nothing: not drawn. */
  readonly ignored: readonly EvidenceProblem[];
  /** Ids of the artifacts that were asked for; absent: everything. */
  readonly subjects?: readonly string[];
}

export type EvidenceKind = 'runs' | 'checks' | 'signatures' | 'approvals' | 'withdrawals' | 'decisions';
