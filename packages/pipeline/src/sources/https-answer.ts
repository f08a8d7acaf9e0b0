import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';
import { shown } from '@holdfast/sandbox/errors';
import { PipelineError } from '../errors.ts';
import { version } from '../version.ts';
import type { Patience } from './patience.ts';
import { publicUri } from './public-uri.ts';
import { requestProblem } from './source-error.ts';

/** How a server proved who it is. */
export interface TlsFacts {
  /** `TLSv1.3` */
  readonly protocol: string;
  /** SHA-256 of its certificate in DER, lower-case hex. */
  readonly certificate: string;
}

/** The head of an answer; its body is not read yet. */
export interface HttpsAnswer {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  readonly tls: TlsFacts;
}

export interface HttpsWish {
  /** Certificates of authorities; `undefined`: Node's own. */
  readonly authorities: readonly string[] | undefined;
  readonly patience: Patience;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks for a URL over TLS 1.2 or 1.3, with the certificate checked whatever NODE_TLS_REJECT_UNAUTHORIZED says. No
 * credentials, no cookies, no connection that was used before.
 *
 * @throws PipelineError HF_SOURCE_TLS, HF_SOURCE_UNREACHABLE, HF_SOURCE_ANSWER, HF_SOURCE_TIMEOUT, HF_SOURCE_INTERRUPTED
 */
export async function askOverTls(url: URL, { authorities, patience, headers }: HttpsWish): Promise<HttpsAnswer> {
  const where = publicUri(url.href);
  patience.heard();
  const body = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request(url, {
      ...{ method: 'GET', agent: false, signal: patience.signal, insecureHTTPParser: false },
      ...{ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', rejectUnauthorized: true },
      ...(authorities === undefined ? {} : { ca: [...authorities] }),
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': `holdfast/${version}`, ...headers },
    });
    asking.on('response', resolve);
    // also behind the answer: the body tells of it then
    asking.on('error', reject);
    asking.end();
  }).catch((error: unknown) => {
    throw requestProblem(error, patience, where, false);
  });
  patience.heard();
  const { socket, statusCode = 0 } = body;
  return { url, status: statusCode, headers: body.headers, body, tls: factsOf(socket) };
}

function factsOf(socket: IncomingMessage['socket']): TlsFacts {
  if (!(socket instanceof TLSSocket) || !socket.authorized) throw new TypeError('the connection is not one of TLS');
  const certificate = socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
  return { protocol: socket.getProtocol() ?? '', certificate };
}

/** What a body is said to be. */
export interface Announced {
  /** In bytes; `undefined` where the end is told otherwise. */
  readonly length: number | undefined;
  /** Whether the end of the body can be told from the end of the connection. */
  readonly hasEnd: boolean;
}

/**
 * Reads how the body comes. Bytes are taken as they are stored: a body that was encoded is refused, not decoded.
 *
 * @throws PipelineError HF_SOURCE_ANSWER
 */
export function announced({ headers, url }: HttpsAnswer): Announced {
  const where = publicUri(url.href);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    const message = `the bytes come encoded as ${shown(encoding)}, and they were asked for as they are`;
    throw new PipelineError('HF_SOURCE_ANSWER', message, { where });
  }
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    throw new PipelineError('HF_SOURCE_ANSWER', `the bytes come in transfer as ${shown(transfer)}`, { where });
  }
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (length !== undefined && !Number.isSafeInteger(length)) {
    throw new PipelineError('HF_SOURCE_ANSWER', 'the length of the answer is no number of bytes', { where });
  }
  return { length, hasEnd: length !== undefined || transfer !== undefined };
}
