import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@holdfast/testkit';
import { afterAll } from 'vitest';

/** Names and files of a certificate for tests, made by openssl. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
  /** Of the authority, in PEM: the certificate itself, or the one that signed it. */
  readonly authority: string;
}

const openssl = (folder: string, ...words: string[]): void => {
  execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
};

let made: { readonly folder: string } | undefined;

/** An authority of its own and a certificate of it for a name; the authority is the same for all. */
export function certificateFor(name: string, days = 2): Certificate {
  made ??= { folder: makeAuthority() };
  const { folder } = made;
  const own = `${name}-${days}`;
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(folder, 'req', ...curve, '-keyout', `${own}.key`, '-out', `${own}.csr`, '-subj', `/CN=${name}`);
  writeFileSync(join(folder, `${own}.ext`), `subjectAltName=DNS:${name}\n`);
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${own}.ext`];
  openssl(folder, 'x509', '-req', '-in', `${own}.csr`, ...by, '-days', String(days), '-out', `${own}.pem`);
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  return { key: read(`${own}.key`), certificate: read(`${own}.pem`), authority: join(folder, 'ca.pem') };
}

function makeAuthority(): string {
  const folder = temporaryFolder('holdfast-tls');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl(folder, 'req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test', ...extensions);
  return folder;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, tries: number) => void;

/** A real server on this machine that speaks TLS, and what it was asked. */
export interface TlsServer {
  /** `localhost:PORT` */
  readonly host: string;
  readonly asked: IncomingMessage[];
  url(path: string): string;
  /** From here on it answers so. */
  answers(handler: Handler): void;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing.splice(0)) close();
});

export async function startServer(
  certificate: Certificate,
  handler: Handler = (_, response) => response.end(),
  options: ServerOptions = {},
): Promise<TlsServer> {
  let answer = handler;
  const asked: IncomingMessage[] = [];
  const server = createServer(
    { key: certificate.key, cert: certificate.certificate, ...options },
    (request, response) => {
      asked.push(request);
      answer(request, response, asked.length);
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    ...{ host, asked },
    url: (path) => `https://${host}${path}`,
    answers: (next) => {
      answer = next;
      asked.length = 0;
    },
  };
}
