import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createListener } from '../http/listener.ts';
import { metricsText, metricsType } from './metrics-text.ts';
import { pageMarkup } from './page/page-markup.ts';
import { pageScript } from './page/page-script.ts';
import { pageStyle } from './page/page-style.ts';
import type { Watch } from './watch.ts';
import type { WatchAccess } from './watch-access.ts';
import { watchState } from './watch-state.ts';

const mostStreams = 16;
const everyMs = 1000;

export interface WatchListenerOptions {
  readonly address: '127.0.0.1' | '::1';
  /** 0: one that is free. */
  readonly port: number;
}

export interface WatchListener {
  readonly origin: string;
  close(): Promise<void>;
}

/** The page itself holds nothing: it asks for what it shows, with what it was given behind `#`. */
const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/': ['text/html; charset=utf-8', pageMarkup],
  '/page.js': ['text/javascript; charset=utf-8', pageScript],
  '/page.css': ['text/css; charset=utf-8', pageStyle],
};

const safety = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Shows what is seen to whoever may look, on an address of this machine that callers never reach. */
export async function openWatchListener(
  watch: Watch,
  access: WatchAccess,
  { address, port }: WatchListenerOptions,
): Promise<WatchListener> {
  const streams = new Set<ServerResponse>();
  let host = '';
  const server = createListener((message, response) => {
    // A name that somebody else's page made point here is not this address.
    if (message.headers.host !== host) send(response, 421, 'text/plain', 'this is another address\n');
    else answer({ watch, access, streams }, message, response);
  }, {});
  server.listen(port, address);
  // Where the gateway cannot start, this alone does not keep the process.
  server.unref();
  await once(server, 'listening');
  host = `${address === '::1' ? '[::1]' : address}:${(server.address() as AddressInfo).port}`;
  const timer = setInterval(() => {
    if (streams.size === 0) return;
    const event = eventOf(watch);
    for (const stream of streams) {
      // Who reads too slowly begins anew: what waits for it is bounded.
      if (!stream.write(event) && stream.writableLength > 2 ** 20) stream.destroy();
    }
  }, everyMs).unref();
  return {
    origin: `http://${host}`,
    close: async () => {
      clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Shown {
  readonly watch: Watch;
  readonly access: WatchAccess;
  readonly streams: Set<ServerResponse>;
}

function answer({ watch, access, streams }: Shown, message: IncomingMessage, response: ServerResponse): void {
  const { method, url = '' } = message;
  const { authorization } = message.headers;
  message.resume();
  const file = Object.hasOwn(files, url) ? files[url] : undefined;
  if (method === 'GET' && file !== undefined) {
    send(response, 200, ...file);
  } else if (method === 'POST' && url === '/session') {
    const session = access.begin(authorization);
    if (session === undefined) refuse(response);
    else send(response, 200, 'application/json', JSON.stringify({ session }));
  } else if (!access.isGood(authorization)) {
    refuse(response);
  } else if (method === 'GET' && url === '/metrics') {
    send(response, 200, metricsType, metricsText(watch));
  } else if (method === 'GET' && url === '/state') {
    send(response, 200, 'application/json', JSON.stringify(watchState(watch)));
  } else if (method === 'GET' && url === '/events') {
    stream(watch, streams, response);
  } else {
    send(response, 404, 'text/plain', 'there is no such page\n');
  }
}

/** Server-sent events (HTML Living Standard, section 9.2). */
function stream(watch: Watch, streams: Set<ServerResponse>, response: ServerResponse): void {
  if (streams.size >= mostStreams) {
    send(response, 503, 'text/plain', 'too many are looking\n');
    return;
  }
  streams.add(response);
  response.on('close', () => streams.delete(response));
  response.writeHead(200, { ...safety, 'content-type': 'text/event-stream' });
  response.write(eventOf(watch));
}

const eventOf = (watch: Watch): string => `data: ${JSON.stringify(watchState(watch))}\n\n`;

const refuse = (response: ServerResponse): void => {
  response.setHeader('www-authenticate', 'Bearer');
  send(response, 401, 'text/plain', 'show the token of gateway.watch: authorization: Bearer …\n');
};

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...safety, 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
