/** in-toto Statement v1 (in-toto/attestation, spec/v1/statement.md): what is signed about whom. */
export const statementType = 'https://in-toto.io/Statement/v1';
export const statementPayloadType = 'application/vnd.in-toto+json';

/** A set of digests of one thing: algorithm name to lower-case hex (in-toto spec/v1/digest_set.md). */
export type DigestSet = Readonly<Record<string, string>>;

export interface Subject {
  readonly name?: string;
  readonly digest: DigestSet;
}

export interface Statement<Predicate = unknown> {
  readonly _type: typeof statementType;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  readonly predicate: Predicate;
}

export function statementOf<Predicate>(
  predicateType: string,
  subject: readonly Subject[],
  predicate: Predicate,
): Statement<Predicate> {
  return { _type: statementType, subject, predicateType, predicate };
}

/**
 * The one name of an artifact: `sha256:…` for a file, `dirHash:…` for a folder.
 * A folder's model-signing root digest stands beside it as `sha256`, but does not commit to names, so the name is
 * taken from `dirHash`.
 */
export function artifactId(digest: DigestSet): string {
  const folder = digest['dirHash'];
  return folder === undefined ? `sha256:${digest['sha256'] ?? ''}` : `dirHash:${folder}`;
}

/** Whether two digest sets name the same bytes: the same algorithms, all of them equal. */
export function sameDigests(a: DigestSet, b: DigestSet): boolean {
  const names = Object.keys(a);
  return names.length > 0 && names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
