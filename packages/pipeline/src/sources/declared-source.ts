import { classificationOf, type HoldfastConfig } from '@holdfast/contracts';
import { hostAndPort } from '@holdfast/contracts/host';
import { PipelineError } from '../errors.ts';
import { publicUri } from './public-uri.ts';

/** Where what a source gives belongs. */
export interface SourceTarget {
  readonly artifact: string;
  /** Posix, relative to the project. */
  readonly path: string;
}

/** A source as `holdfast.yaml` declares it, with its defaults. */
export interface DeclaredSource {
  readonly name: string;
  /** As written: may hold a token in its query, and is never shown. */
  readonly uri: string;
  /** What may be shown of it. */
  readonly shownUri: string;
  readonly sha256: string | undefined;
  readonly signer: string | undefined;
  /** Hosts that may be asked, with their ports. */
  readonly hosts: ReadonlySet<string>;
  readonly maxBytes: number;
  readonly totalMs: number;
  /** Whether it, or an artifact that comes from it, is `confidential` or `restricted`. */
  readonly isConfidential: boolean;
  readonly targets: readonly SourceTarget[];
}

const defaultBytes = 16 * 2 ** 30;
const defaultMs = 6 * 3_600_000;

/**
 * The sources of a configuration, or those that are named.
 *
 * @throws PipelineError HF_SOURCE_UNKNOWN
 */
export function declaredSources(config: HoldfastConfig, names: readonly string[] = []): readonly DeclaredSource[] {
  const unknown = names.find((name) => !Object.hasOwn(config.sources, name));
  if (unknown !== undefined) {
    const known = Object.keys(config.sources).map((name) => `\`${name}\``);
    const message = `there is no source \`${unknown}\`; there is ${known.join(', ') || 'none'}`;
    throw new PipelineError('HF_SOURCE_UNKNOWN', message);
  }
  return Object.keys(config.sources)
    .filter((name) => names.length === 0 || names.includes(name))
    .map((name) => declaredSource(config, name));
}

function declaredSource(config: HoldfastConfig, name: string): DeclaredSource {
  const written = config.sources[name];
  if (written === undefined) throw new TypeError(`no source ${name}`);
  const { uri, sha256, signer, classification, maxSize = defaultBytes, time = defaultMs } = written;
  const own = uri.startsWith('https:') ? [new URL(uri).host] : [];
  const hosts = [...own, ...(written.origins ?? config.origins ?? [])].map(hostAndPort);
  const targets = Object.entries(config.artifacts).flatMap(([artifact, { path, source }]) =>
    source === name ? [{ artifact, path }] : [],
  );
  const classes = [classification, ...targets.map(({ artifact }) => classificationOf(config, artifact))];
  const isConfidential = classes.some((one) => one === 'confidential' || one === 'restricted');
  return {
    ...{ name, uri, shownUri: publicUri(uri), sha256, signer, isConfidential, targets },
    ...{ hosts: new Set(hosts), maxBytes: maxSize, totalMs: time },
  };
}

/** Where the bytes of a source are got: over TLS, or from a file. `undefined`: Holdfast does not fetch it. */
export function placeOf({ uri }: Pick<DeclaredSource, 'uri'>): 'https' | 'file' | undefined {
  if (uri.startsWith('https:')) return 'https';
  return uri.startsWith('file:') || !/^[a-z][a-z0-9+.-]*:/.test(uri) ? 'file' : undefined;
}

/** Where the signature of a source is: beside it, as `holdfast sign` writes it. */
export function signatureOf(source: DeclaredSource): DeclaredSource {
  if (placeOf(source) !== 'https') return { ...source, uri: `${source.uri}.sig`, shownUri: `${source.shownUri}.sig` };
  const url = new URL(source.uri);
  url.pathname += '.sig';
  return { ...source, uri: url.href, shownUri: publicUri(url.href) };
}

/** @throws PipelineError HF_SOURCE_SCHEME */
export function requirePlace(source: DeclaredSource): 'https' | 'file' {
  const place = placeOf(source);
  if (place !== undefined) return place;
  const scheme = source.uri.slice(0, source.uri.indexOf(':'));
  throw new PipelineError('HF_SOURCE_SCHEME', `\`${source.name}\` is not fetched: \`${scheme}:\` is not \`https:\``, {
    where: source.shownUri,
  });
}
