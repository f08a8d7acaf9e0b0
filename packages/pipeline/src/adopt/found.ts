/** What a repository can be described by, the surest first: what is declared comes before what is guessed. */
export const sourceKinds = ['dvc', 'makefile', 'mlflow', 'notebook', 'scripts'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** A stage that was found in a folder, in the words of `holdfast.yaml`; every path is inside the project. */
export interface FoundStage {
  readonly name: string;
  readonly command: string;
  readonly toolchain: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A JSON file of numbers that it writes. */
  readonly metrics: string | undefined;
  readonly kind: SourceKind;
  /** Where it was read: `dvc.yaml`, `Makefile:12`, `train.py`. */
  readonly from: string;
  /** What its author says about it. */
  readonly description: string | undefined;
}

/** Data or a model that becomes an artifact. */
export interface FoundArtifact {
  readonly path: string;
  readonly kind: 'dataset' | 'model';
  /** What somebody called it already. */
  readonly name?: string;
  /** Where it came from, and the SHA-256 of the bytes that were verified. */
  readonly source?: { readonly uri: string; readonly sha256: string };
}

/** A file that was looked at, and what became of it. */
export interface Origin {
  readonly kind: SourceKind;
  readonly file: string;
  /** Names of the stages that were taken from it. */
  readonly stages: readonly string[];
  /** Why it was taken, or why not. */
  readonly why: string;
  /** The stage that runs it already, when that is why it was not taken. */
  readonly by?: string;
}

/** Something that was not understood, or that somebody should look at. */
export interface Doubt {
  /** File, and line where it is known: `Makefile:12`. */
  readonly where: string;
  readonly what: string;
}

/** What a folder holds, what a configuration can be made from, and why it is made from that. */
export interface Found {
  readonly origins: readonly Origin[];
  readonly stages: readonly FoundStage[];
  readonly data: readonly FoundArtifact[];
  readonly models: readonly FoundArtifact[];
  readonly doubts: readonly Doubt[];
}

/** What one reader made of the files that it knows. */
export interface Reading {
  readonly origins: readonly Origin[];
  readonly stages: readonly FoundStage[];
  readonly doubts: readonly Doubt[];
}

/** Doubts for people: what is said of several files is said once. */
export function groupedDoubts(doubts: readonly Doubt[]): readonly Doubt[] {
  return [...Map.groupBy(doubts, ({ what }) => what).values()].map((same) => {
    const [first, second, ...more] = same.map(({ where }) => where);
    const names =
      second === undefined
        ? first
        : more.length === 0
          ? `${first ?? ''}, ${second}`
          : `${first ?? ''} and ${more.length + 1} more`;
    return { where: names ?? '', what: same[0]?.what ?? '' };
  });
}

/** How a text from a file is told: short, on one line, in backticks. */
export function shown(text: string): string {
  const line = text
    .slice(0, 81)
    .replaceAll(/[\p{C}\u2028\u2029]/gu, '\u{FFFD}')
    .replaceAll('`', "'");
  return `\`${line.slice(0, 80)}${line.length > 80 ? '…' : ''}\``;
}

/** `1 stage`, `3 stages`. */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
