import { licenseHolds } from '@holdfast/contracts/license';
import type { Finding, Report, Rule } from '@holdfast/evidence/check';
import { type DescribedSource, endOf } from './described-source.ts';
import type { Received } from './receive.ts';
import { sourceRules } from './source-rules.ts';

/** What is known of the bytes of an artifact and of its source. */
export interface SourceFacts {
  readonly source: DescribedSource;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Of a source with a signer: `unknown` where no trusted key has that name. */
  readonly signature?: 'valid' | 'invalid' | 'unknown';
  /** Licences that may be used; absent: any. */
  readonly allow?: readonly string[];
  /** From whom they came just now; absent: they were judged where they lie. */
  readonly server?: Received['server'];
  readonly isFetched: boolean;
  /** What is different from what was known before. */
  readonly changes?: readonly Finding[];
}

/** Judges what came from a source: as promised, not as promised, or nobody can say. */
export function sourceReport(facts: SourceFacts): Report {
  const { source, bytes, changes = [] } = facts;
  const wrong = [...pinFindings(facts), ...termFindings(facts)];
  const isPinned = source.sha256 !== undefined || source.signer !== undefined;
  const left = leftOut(facts);
  const unpinned = isPinned
    ? []
    : [findingOf(sourceRules.unpinned, `nothing pins these bytes; they are ${facts.sha256}`)];
  const verdict = wrong.length > 0 ? 'fail' : !isPinned || left.length > 0 || changes.length > 0 ? 'unknown' : 'pass';
  return {
    ...{ verdict, origin: 'measured' },
    metrics: { bytes, pinned: isPinned ? 1 : 0 },
    findings: [
      ...wrong,
      ...changes,
      ...unpinned,
      findingOf(sourceRules.origin, originText(facts)),
      findingOf(sourceRules.terms, termsText(source)),
    ],
    coverage: { examined: left.length === 0 ? 1 : 0, total: 1, left },
  };
}

/** A signature that nobody looked at proves nothing. */
function leftOut({ source, signature }: SourceFacts): readonly string[] {
  if (source.signer === undefined || signature === 'valid' || signature === 'invalid') return [];
  const isUnknown = signature === 'unknown';
  return [isUnknown ? `the signer \`${source.signer}\` is no trusted key` : 'the signature was not looked at'];
}

export function findingOf({ id, severity, fix }: Rule, message: string): Finding {
  return { rule: id, severity, message: message.slice(0, 4000), fix };
}

function pinFindings({ source, sha256, signature }: SourceFacts): Finding[] {
  const findings: Finding[] = [];
  if (source.sha256 !== undefined && source.sha256 !== sha256) {
    findings.push(
      findingOf(sourceRules.digest, `the bytes are ${sha256}, and \`${source.name}\` pins ${source.sha256}`),
    );
  }
  if (signature === 'invalid') {
    findings.push(findingOf(sourceRules.signature, `\`${source.signer ?? ''}\` has not signed these bytes`));
  }
  return findings;
}

function termFindings({ source, allow }: SourceFacts): Finding[] {
  const findings: Finding[] = [];
  const { license, over } = source;
  if (allow !== undefined && (license === undefined || licenseHolds(license, (one) => allow.includes(one)) !== true)) {
    const what = license === undefined ? 'no licence is declared' : `the licence is \`${license}\``;
    findings.push(
      findingOf(sourceRules.licence, `${what}; allowed are ${allow.map((one) => `\`${one}\``).join(', ') || 'none'}`),
    );
  }
  if (over !== undefined) findings.push(findingOf(sourceRules.retention, `it had to be deleted by ${over}`));
  return findings;
}

function originText({ source, server, isFetched }: SourceFacts): string {
  const from = `\`${source.uri}\``;
  if (server === undefined)
    return isFetched ? `copied from ${from}` : `declared to come from ${from}; it was not asked`;
  const { protocol, certificate } = server.tls;
  return `received from ${from}: the server \`${server.host}\`, ${protocol}, its certificate sha256:${certificate}`;
}

function termsText({ license, consent, retentionMs, since }: DescribedSource): string {
  const end = retentionMs === undefined || since === undefined ? undefined : endOf(since, retentionMs);
  const days = Math.round((retentionMs ?? 0) / 86_400_000);
  const retention =
    retentionMs === undefined
      ? 'not declared'
      : (end?.toISOString().replace(/^/, 'until ') ?? `${days} days from when it came in`);
  return `licence: ${license ?? 'not declared'}; consent: ${consent ?? 'not declared'}; retention: ${retention}`;
}
