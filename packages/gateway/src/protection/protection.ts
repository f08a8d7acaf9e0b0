import type { Caller } from '../callers/caller.ts';
import type { InferenceRequest, InferenceResponse } from '../protocols/inference.ts';

export type ProtectionMode = 'off' | 'observe' | 'enforce';

/** What a protection thinks of a request or of what a caller has asked so far. */
export interface Judgement {
  /** `schema`, `anomaly`, `evasion`, `extraction`. */
  readonly protection: string;
  /** A stable id: `gateway.schema.range`, `gateway.extraction.martingale`. */
  readonly rule: string;
  /** For people, without a value that was sent: "`age` is outside of what the model was trained on". */
  readonly message: string;
  /** How far beyond its threshold, where it has one. */
  readonly score?: number;
  readonly threshold?: number;
}

/** Looks at a request before the model server sees it. Keeps what it has to know of callers itself, bounded. */
export interface InputProtection {
  readonly name: string;
  /** The first thing that is wrong; undefined when nothing is. */
  judge(request: InferenceRequest, caller: Caller, nowMs: number): Judgement | undefined;
}

/** Looks at what was answered, and who asked. */
export interface OutputProtection {
  readonly name: string;
  observe(request: InferenceRequest, response: InferenceResponse, caller: Caller, nowMs: number): Judgement | undefined;
  /** What it holds against a caller, and against its tenant, is forgotten: somebody pardoned it. */
  forget?(caller: Caller): void;
}
