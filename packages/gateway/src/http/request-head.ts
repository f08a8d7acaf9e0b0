import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';

/** What a request says before its body, when there is one way only to read it. */
export interface RequestHead {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Begins with `/`; no query, no escapes, no `.` or `..` and nothing empty between slashes. */
  readonly path: string;
  /** Names in lower case, each once. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body; undefined when it is chunked. */
  readonly length: number | undefined;
  /** The body comes once the caller has been told to go on (RFC 9110 section 10.1.1). */
  readonly isAwaited: boolean;
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);
/** Longer than any path that a protocol has; RFC 9112 section 3 asks for no more than 8,000. */
const longestPath = 1024;
const mostHeaders = 64;

/**
 * Reads the head of a request, and refuses what two readers could understand differently (RFC 9112 sections 6.3 and 11.2): a repeated
 * header, a length beside a coding, a coding other than `chunked`, a connection that is to become another, an escaped path.
 *
 * @throws GatewayError HF_GATEWAY_FRAMING, HF_GATEWAY_EXPECTATION, HF_GATEWAY_TOO_LARGE, HF_GATEWAY_NOT_FOUND, HF_GATEWAY_UNSUPPORTED
 */
export function requestHead(message: IncomingMessage): RequestHead {
  const { method = '', httpVersion } = message;
  if (httpVersion !== '1.1') throw framing('only HTTP/1.1 is spoken here', 'version');
  if (!methods.has(method)) throw new GatewayError('HF_GATEWAY_NOT_FOUND', 'there is no such method here');
  const headers = onceEach(message.rawHeaders);
  if (headers['upgrade'] !== undefined || headers['http2-settings'] !== undefined) {
    throw framing('a connection does not become another here', 'header upgrade');
  }
  requireConnection(headers['connection']);
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') {
    throw new GatewayError('HF_GATEWAY_UNSUPPORTED', 'a body is not compressed here', {
      where: 'header content-encoding',
    });
  }
  const length = lengthOf(headers);
  if (method !== 'POST' && length !== 0) throw framing('only POST has a body', 'header content-length');
  const isAwaited = isContinueAwaited(headers['expect'], length);
  return { method: method as RequestHead['method'], path: pathOf(message.url ?? ''), headers, length, isAwaited };
}

/** Names in lower case. A name that comes twice is refused, whichever it is: readers differ in which one counts. */
function onceEach(raw: readonly string[]): Record<string, string> {
  if (raw.length > 2 * mostHeaders) {
    throw new GatewayError('HF_GATEWAY_TOO_LARGE', `a request has at most ${mostHeaders} headers here`, {
      where: 'headers',
    });
  }
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    if (headers[name] !== undefined) throw framing('a header comes twice', 'headers');
    headers[name] = raw[at + 1] as string;
  }
  return headers;
}

function requireConnection(connection: string | undefined): void {
  if (connection === undefined) return;
  const word = connection.toLowerCase();
  if (word !== 'keep-alive' && word !== 'close') {
    throw framing('headers of the connection are `keep-alive` or `close`', 'header connection');
  }
}

function lengthOf(headers: Readonly<Record<string, string>>): number | undefined {
  const { 'content-length': length, 'transfer-encoding': coding } = headers;
  if (coding !== undefined) {
    if (length !== undefined) throw framing('a length and a coding contradict each other', 'header content-length');
    if (coding !== 'chunked') throw framing('the only coding is `chunked`', 'header transfer-encoding');
    if (headers['trailer'] !== undefined) throw framing('nothing follows a body here', 'header trailer');
    return undefined;
  }
  if (length === undefined) return 0;
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(length)) throw framing('the length is no number', 'header content-length');
  return Number(length);
}

function isContinueAwaited(expect: string | undefined, length: number | undefined): boolean {
  if (expect === undefined) return false;
  if (expect.toLowerCase() === '100-continue' && length !== 0) return true;
  throw new GatewayError('HF_GATEWAY_EXPECTATION', 'only `100-continue` before a body is expected here', {
    where: 'header expect',
  });
}

/** RFC 3986 unreserved characters and the few that protocols use; what would have to be decoded is refused. */
const plainPath = /^(?:\/[A-Za-z0-9_~:@$!*+,;=-][A-Za-z0-9._~:@$!*+,;=-]*)+$/;

function pathOf(target: string): string {
  if (target === '/') return target;
  if (target.length > longestPath || !plainPath.test(target)) {
    throw new GatewayError('HF_GATEWAY_NOT_FOUND', 'there is no such path here: paths are plain, without query', {
      where: 'path',
    });
  }
  return target;
}

const framing = (message: string, where: string): GatewayError =>
  new GatewayError('HF_GATEWAY_FRAMING', message, { where });
