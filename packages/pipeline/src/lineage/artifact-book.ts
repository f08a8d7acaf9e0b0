import type { ReadEvidence } from '@holdfast/evidence/predicates/parse';
import type { DigestSet } from '@holdfast/evidence/statement';
import type { CheckMark, LineageArtifact, Word } from './lineage.ts';

/** What is said of an artifact in one place. */
export interface Mention {
  readonly path?: string | undefined;
  readonly name?: string | undefined;
  /** A path or a name: reports and approvals do not say which. */
  readonly called?: string | undefined;
  readonly kind?: string | undefined;
  readonly source?: string | undefined;
  readonly claimed?: string | undefined;
}

/** An artifact while evidence is read. */
export interface ArtifactPage {
  readonly id: string;
  readonly digest: DigestSet;
  readonly paths: Set<string>;
  readonly names: Set<string>;
  readonly called: Set<string>;
  readonly sources: Set<string>;
  readonly claimed: Set<string>;
  readonly evidence: Set<string>;
  kind: string | undefined;
  isMade: boolean;
  isFromWithdrawn: boolean;
  readonly checks: Map<string, CheckMark>;
  readonly approvals: Word[];
  readonly signatures: Word[];
  readonly withdrawals: Word[];
}

/** The name of a node: artifacts are one where all their digests are. */
export function artifactNode(digest: DigestSet): string {
  return Object.entries(digest)
    .map(([algorithm, hex]) => `${algorithm}:${hex}`)
    .sort()
    .join('+');
}

/** Every artifact that evidence speaks of, by its digests. */
export class ArtifactBook {
  readonly #pages = new Map<string, ArtifactPage>();

  get pages(): ReadonlyMap<string, ArtifactPage> {
    return this.#pages;
  }

  /** Notes that a piece of evidence speaks of an artifact. */
  note(piece: ReadEvidence, digest: DigestSet, mention: Mention = {}): ArtifactPage {
    const page = this.#pageOf(digest);
    page.evidence.add(piece.id);
    renew(page.paths, mention.path);
    renew(page.names, mention.name);
    renew(page.called, mention.called);
    renew(page.sources, mention.source);
    renew(page.claimed, mention.claimed);
    page.kind = mention.kind ?? page.kind;
    return page;
  }

  #pageOf(digest: DigestSet): ArtifactPage {
    const id = artifactNode(digest);
    const known = this.#pages.get(id);
    if (known !== undefined) return known;
    const page: ArtifactPage = {
      ...{ id, digest, kind: undefined, isMade: false, isFromWithdrawn: false, checks: new Map() },
      ...{ paths: new Set(), names: new Set(), called: new Set(), sources: new Set(), claimed: new Set() },
      evidence: new Set(),
      ...{ approvals: [], signatures: [], withdrawals: [] },
    };
    this.#pages.set(id, page);
    return page;
  }
}

/** A set keeps the order in which things came; what is said again comes last. */
function renew(known: Set<string>, value: string | undefined): void {
  if (value === undefined || value === '') return;
  known.delete(value);
  known.add(value);
}

/** The artifact as everything that was read says it. */
export function artifactOf(page: ArtifactPage): LineageArtifact {
  const newestFirst = (values: ReadonlySet<string>): string[] => [...values].reverse();
  const { id, digest, kind, checks, approvals, signatures, withdrawals } = page;
  return {
    id,
    digest,
    paths: newestFirst(page.paths),
    names: [
      ...new Set([...newestFirst(page.names), ...newestFirst(page.called).filter((name) => !page.paths.has(name))]),
    ],
    kind,
    origin: page.isMade ? 'made' : page.sources.size > 0 ? 'source' : page.claimed.size > 0 ? 'unproven' : 'unknown',
    sources: newestFirst(page.sources),
    claimed: newestFirst(page.claimed),
    checks: [...checks.values()],
    approvals,
    signatures,
    withdrawals,
    fromWithdrawn: page.isFromWithdrawn,
    evidence: [...page.evidence],
  };
}
