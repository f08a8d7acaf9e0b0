import type { DigestSet } from './statement.ts';

/** What kind of thing an artifact is. */
export type ArtifactKind = 'dataset' | 'model' | 'image' | 'configuration' | 'report' | 'code';

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** JSON Schema (draft 2020-12) as a plain object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One kind of finding that a check can raise. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What to do about it, one sentence. */
  readonly fix: string;
  /** CWE, ATLAS, OWASP … identifiers. */
  readonly references: readonly string[];
}

export interface Finding {
  /** Id of a rule of the check. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Path, offset, column: where to look. */
  readonly where?: string;
  readonly fix?: string;
}

/** A picture: a Vega-Lite specification with its title. */
export interface Figure {
  readonly title: string;
  readonly specification: JsonSchema;
}

export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown';

/** What a check found out about one artifact. */
export interface Report {
  readonly verdict: Verdict;
  /** `measured` by Holdfast itself, or `reported` by a stage or another tool. */
  readonly origin: 'measured' | 'reported';
  /** A metric that is NaN or infinite makes the verdict `unknown`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly figures?: readonly Figure[];
  /**
   * Further predicates about the same artifact, which are signed beside the report; of an operation about all that was written,
   * or about the output that is named.
   */
  readonly statements?: readonly {
    readonly predicateType: string;
    readonly predicate: JsonSchema;
    readonly output?: string;
  }[];
}

export interface Coverage {
  readonly examined: number;
  readonly total: number;
  /** What was not looked at, and why, one line each. */
  readonly left: readonly string[];
}

/** The artifact that a check looks at. */
export interface ArtifactReader {
  readonly name: string;
  readonly kind: ArtifactKind;
  readonly path: string;
  readonly digest: DigestSet;
  /**
   * How confidential it is, where that is declared. Of what is `confidential` or `restricted` no value is shown; what is not
   * declared is shown as `internal` is.
   */
  readonly classification?: 'public' | 'internal' | 'confidential' | 'restricted';
  /** Posix paths of the files, relative to `path`; a single file is its own base name. */
  readonly files: readonly {
    readonly name: string;
    /** Bytes. */
    readonly size: number;
    /** Lower-case hex; what is read elsewhere than through {@link ArtifactReader.read} must have it. */
    readonly sha256: string;
  }[];
  /** Reads a whole file. @throws EvidenceError HF_DIGEST_CHANGED when it is larger than `limit` or not what was digested. */
  read(name: string, limit: number): Promise<Uint8Array>;
}

export interface CheckContext {
  readonly signal: AbortSignal;
  /** What the options in {@link CheckDescription.inputs} name, by option; absent where there is no such file. */
  readonly inputs: Readonly<Record<string, ArtifactReader>>;
  /** Says how far it is, 0 to 1, on a terminal. */
  progress(done: number): void;
}

/** Looks at one artifact and reports what it measured and found. */
export interface Check {
  run(artifact: ArtifactReader, options: unknown, context: CheckContext): Promise<Report>;
}

interface Description {
  /** `scan`, `data.pii`, `trial.robustness` */
  readonly name: string;
  readonly version: string;
  /** One line, shown everywhere. */
  readonly title: string;
  readonly artifacts: readonly ArtifactKind[];
  /** From it come flags, editor completion and reference pages. */
  readonly options: JsonSchema;
  /**
   * Options that name a file or a folder which is read beside the artifact: a declared artifact, or a path in the
   * project. Their digests stand in the report, and a report on other bytes is no current one.
   */
  readonly inputs?: readonly string[];
  /** Metrics that a reader wants to see first. */
  readonly headline?: readonly string[];
  readonly rules: readonly Rule[];
}

/** What the command line, the schemas and the documentation need to know of a check; importing it loads nothing. */
export interface CheckDescription extends Description {
  load(): Promise<Check>;
}

/** Makes an artifact from others (mask, harden, seal …); its evidence links what went in and what came out. */
export interface Operation {
  /**
   * @param outputs absolute paths of what is to be written, by the names in {@link OperationDescription.outputs}
   * @returns what was done, for the evidence about what was written
   */
  run(
    artifact: ArtifactReader,
    outputs: Readonly<Record<string, string>>,
    options: unknown,
    context: OperationContext,
  ): Promise<Report>;
}

export interface OperationContext extends CheckContext {
  /** Absolute; what paths in options are relative to, where they are no inputs. */
  readonly folder: string;
  /** Whether what is written may take the place of files that are there. */
  readonly isForced: boolean;
  /** What verified evidence states about the artifact, of the types in {@link OperationDescription.basis}: the newest of each. */
  readonly basis: readonly { readonly id: string; readonly predicateType: string; readonly predicate: unknown }[];
}

/** Something that an operation writes. */
export interface OperationOutput {
  /** Of the flag: `output`. */
  readonly name: string;
  readonly summary: string;
  /** It is written only where it is asked for. */
  readonly isOptional?: boolean;
}

/** What the command line and the documentation need to know of an operation; importing it loads nothing. */
export interface OperationDescription extends Description {
  readonly outputs: readonly OperationOutput[];
  /** Predicate types of evidence about the artifact that it can rest on. */
  readonly basis?: readonly string[];
  load(): Promise<Operation>;
}
