import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Admission } from '../../src/admission/admission.ts';
import { anybody } from '../../src/callers/anybody.ts';
import type { Authenticator, Caller } from '../../src/callers/caller.ts';
import { openGateway } from '../../src/gateway.ts';
import type { CallerTimes, TlsMaterial } from '../../src/http/listener.ts';
import { Upstream } from '../../src/http/upstream.ts';
import type { RequestEntry } from '../../src/log/entry.ts';
import { type Guards, unguarded } from '../../src/protection/guards.ts';
import type { Protocol } from '../../src/protocols/inference.ts';
import { openaiChat } from '../../src/protocols/openai-chat.ts';
import type { Quotas } from '../../src/quotas/quota.ts';
import { unlimited } from '../../src/quotas/unlimited.ts';
import { defaultStreamLimits, type StreamLimits } from '../../src/serve/stream/stream-limits.ts';

/** What a test has instead of the usual. */
export interface StreamScene {
  readonly protocol?: Protocol;
  readonly guards?: Guards;
  readonly quotas?: Quotas;
  readonly authenticator?: Authenticator;
  readonly stream?: Partial<StreamLimits>;
  readonly mostAnswer?: number;
  readonly timeMs?: number;
  readonly times?: CallerTimes;
  readonly readMs?: number;
  readonly tls?: TlsMaterial;
  readonly admission?: () => Admission;
  readonly authorise?: (caller: Caller) => boolean;
  readonly log?: (entry: RequestEntry, written: (error?: Error) => void) => void;
}

export interface StreamGateway {
  readonly port: number;
  readonly logged: RequestEntry[];
  readonly told: { readonly status: number; readonly code?: string }[];
  readonly failed: unknown[];
  close(): Promise<void>;
}

export type Answering = (response: ServerResponse, message: IncomingMessage, body: string) => void;

export const admitted: Admission = { isAdmitted: true, artifact: 'sha256:a', facts: {}, guards: unguarded };

/** A gateway before a model server that answers as it is told to. */
export async function streamGateway(answering: Answering, scene: StreamScene = {}): Promise<StreamGateway> {
  const server = createServer((message, response) => {
    const pieces: Buffer[] = [];
    message.on('data', (piece: Buffer) => pieces.push(piece));
    message.on('end', () => {
      answering(response, message, Buffer.concat(pieces).toString());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [logged, told, failed]: [RequestEntry[], StreamGateway['told'], unknown[]] = [[], [], []];
  const { mostAnswer = 1 << 26, timeMs = 10_000, guards = unguarded, readMs } = scene;
  const limits = { answer: mostAnswer, timeMs, concurrency: 1024 };
  const gateway = await openGateway(
    {
      routes: [
        {
          ...{ place: 0, model: 'm', environment: 'production', prefix: '', mostBytes: 4 * 2 ** 20 },
          bodies: { elements: 100_000, depth: 8, count: 64 },
          protocol: scene.protocol ?? openaiChat({ served: 'm' }),
          upstream: new Upstream(upstream, limits),
          stream: { ...defaultStreamLimits, ...scene.stream },
          ...(readMs === undefined ? {} : { readMs }),
        },
      ],
      authenticator: scene.authenticator ?? anybody,
      authorise: scene.authorise ?? (() => true),
      quotas: scene.quotas ?? unlimited,
      events: {
        answered: ({ status, code }) => told.push({ status, ...(code === undefined ? {} : { code }) }),
        failed: (error) => failed.push(error),
      },
      admission: scene.admission ?? (() => ({ ...admitted, guards })),
      log:
        scene.log ??
        ((entry, written) => {
          logged.push({ ...entry, said: [...entry.said] });
          setImmediate(written);
        }),
    },
    {
      ...{ address: '127.0.0.1', port: 0 },
      ...(scene.times === undefined ? {} : { times: scene.times }),
      ...(scene.tls === undefined ? {} : { tls: scene.tls }),
    },
  );
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await gateway.close(100);
  };
  return { port: gateway.address.port, logged, told, failed, close };
}

export const chat = (more: object = {}): string =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], stream: true, ...more });

export const chatRequest = (body: string, more = ''): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A caller who speaks in bytes. */
export interface RawCaller {
  readonly socket: Socket;
  /** What has come so far. */
  text(): string;
  /** Everything, once the other side has ended the connection. */
  readonly ended: Promise<string>;
}

export function rawCaller(port: number, bytes: string): RawCaller {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.on('data', (piece: string) => {
    text += piece;
  });
  socket.write(bytes, 'latin1');
  const ended = once(socket, 'close').then(() => text);
  return { socket, text: () => text, ended };
}

/** The body of an answer in chunks, put together, and whether its last chunk is there (RFC 9112 section 7.1). */
export function chunksOf(answer: string): { body: string; isWhole: boolean } {
  let at = answer.indexOf('\r\n\r\n') + 4;
  let body = '';
  for (;;) {
    const end = answer.indexOf('\r\n', at);
    const size = end < 0 ? Number.NaN : Number.parseInt(answer.slice(at, end), 16);
    if (Number.isNaN(size)) return { body, isWhole: false };
    if (size === 0) return { body, isWhole: answer.slice(end, end + 4) === '\r\n\r\n' };
    body += answer.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}
