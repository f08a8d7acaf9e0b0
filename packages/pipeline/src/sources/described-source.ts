import type { HoldfastConfig } from '@holdfast/contracts';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { evidenceAs, type ReadEvidence } from '@holdfast/evidence/predicates/parse';
import { type DigestSet, sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { publicUri } from './public-uri.ts';
import { sourceCheckName } from './source-check.ts';

/** A source as the check `data.source` is told of it, and as its evidence holds it. */
export interface DescribedSource {
  readonly name: string;
  /** Without what may be a secret. */
  readonly uri: string;
  readonly sha256?: string;
  readonly signer?: string;
  /** Of the signer: SPKI in PEM. */
  readonly keys?: readonly string[];
  readonly license?: string;
  readonly consent?: string;
  readonly retentionMs?: number;
  /** When the bytes came in first, as their evidence says. */
  readonly since?: string;
  /** When they had to go; there only once that is over. */
  readonly over?: string;
}

/** What has been said about sources, and when it is now. */
export interface SourceKnowledge {
  readonly config: HoldfastConfig;
  readonly view: EvidenceView;
  readonly now: Date;
}

/**
 * Describes a source for a report on some bytes.
 *
 * @param arrived when they came in; absent: as evidence says
 */
export function describeSource(
  name: string,
  digest: DigestSet,
  { config, view, now }: SourceKnowledge,
  arrived?: Date,
): DescribedSource | undefined {
  const written = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  if (written === undefined) return undefined;
  const { sha256, signer, license, consent, retention } = written;
  const { since, first } = arrivalOf(name, digest, view, arrived);
  const end = retention === undefined || first === undefined ? undefined : endOf(first, retention);
  return {
    ...{ name, uri: publicUri(written.uri) },
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(signer === undefined ? {} : { signer, keys: keysOf(signer, view) }),
    ...(license === undefined ? {} : { license }),
    ...(consent === undefined ? {} : { consent }),
    ...(retention === undefined ? {} : { retentionMs: retention }),
    ...(since === undefined ? {} : { since }),
    ...(end !== undefined && end.getTime() <= now.getTime() ? { over: end.toISOString() } : {}),
  };
}

/** When the retention of what came in `since` ends. */
export function endOf(since: string, retentionMs: number): Date {
  return new Date(Date.parse(since) + retentionMs);
}

/** The reports about a source, oldest first. */
export function sourceReports(name: string, view: EvidenceView): readonly ReadEvidence<CheckPredicate>[] {
  return view.evidence.flatMap((piece) => {
    const report = evidenceAs('check', piece);
    const isOurs = report?.statement.predicate.check.name === sourceCheckName && sourceIn(report)?.name === name;
    return report !== undefined && isOurs ? [report] : [];
  });
}

function sourceIn({ statement }: ReadEvidence<CheckPredicate>): Partial<DescribedSource> | undefined {
  const source: unknown = statement.predicate.check.options['source'];
  return typeof source === 'object' && source !== null ? source : undefined;
}

/**
 * When bytes came in: `since` as a fetch has said, `first` also as the first report about them says. A second copy of
 * the same bytes does not make them younger.
 */
function arrivalOf(name: string, digest: DigestSet, view: EvidenceView, arrived: Date | undefined) {
  const about = sourceReports(name, view).filter(({ statement }) =>
    statement.subject.some((subject) => sameDigests(subject.digest, digest)),
  );
  const told = about.map((report) => sourceIn(report)?.since).find((since) => since !== undefined);
  const since = told ?? arrived?.toISOString();
  return { since, first: since ?? about[0]?.statement.predicate.finishedOn };
}

/** Keys of that name that are trusted, and were not revoked. */
export function keysOf(signer: string, { trust, origin, evidence }: EvidenceView): readonly string[] {
  const revoked = new Set(
    evidence.flatMap((piece) => {
      const event = evidenceAs('keyEvent', piece);
      return event?.statement.predicate.action === 'revoke'
        ? event.statement.subject.map(({ digest }) => digest['sha256'])
        : [];
    }),
  );
  return trust
    .signers(origin)
    .filter(({ name, key, roles }) => name === signer && !(roles.size === 0 && revoked.has(key.id)))
    .map(({ key }) => key.pem);
}
