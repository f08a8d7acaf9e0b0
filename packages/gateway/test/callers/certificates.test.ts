import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { Credentials } from '@holdfast/gateway/callers/caller';
import { Certificates, type DeclaredCertificate } from '@holdfast/gateway/callers/certificates';
import { createListener } from '@holdfast/gateway/http/listener';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const digest = 'a'.repeat(64);
const shown = { publicKey: digest, subject: 'O=Bank\nCN=batch' };

describe('a declared certificate', () => {
  const byKey = new Certificates([{ name: 'batch', publicKey: digest, roles: ['caller', 'caller'], tenant: 'bank' }]);
  const bySubject = new Certificates([{ name: 'batch', subject: 'O=Bank\nCN=batch' }]);

  test('is whoever its list says', () => {
    expect(byKey.callerOf(shown, 0)).toEqual({
      id: `mtls:${digest}`,
      name: 'batch',
      roles: ['caller'],
      tenant: 'bank',
    });
    const id = 'mtls:subject:batch';
    expect(bySubject.callerOf(shown, 0)).toEqual({ id, name: 'batch', roles: [], tenant: id });
  });

  test('is no other with a key or a subject like it', () => {
    for (const publicKey of ['', 'b'.repeat(64), digest.slice(1), digest.toUpperCase()]) {
      expect(byKey.callerOf({ ...shown, publicKey }, 0)).toBeUndefined();
    }
    for (const subject of [
      '',
      'CN=batch',
      'CN=batch\nO=Bank',
      'O=Bank\nCN=batch\n',
      'O=Bank\nCN=batch\nCN=batch',
      'O=bank\nCN=batch',
    ]) {
      expect(bySubject.callerOf({ ...shown, subject }, 0)).toBeUndefined();
    }
  });

  test('counts until just before its end', () => {
    expect([999, 1000, Number.NaN].map((now) => byKey.callerOf({ ...shown, until: 1000 }, now)?.name)).toEqual([
      ...['batch', undefined, undefined],
    ]);
    expect(byKey.callerOf({ ...shown, until: Number.NaN }, 0)).toBeUndefined();
  });

  test.each<[string, readonly DeclaredCertificate[]]>([
    ['by nothing', [{ name: 'batch' }]],
    ['by both', [{ name: 'batch', ...shown }]],
    ['by a short digest', [{ name: 'batch', publicKey: 'ab' }]],
    ['by a digest in capitals', [{ name: 'batch', publicKey: digest.toUpperCase() }]],
    ['by an empty subject', [{ name: 'batch', subject: '' }]],
    ['by a name alone', [{ name: 'batch', subject: 'batch' }]],
    [
      'twice',
      [
        { name: 'batch', publicKey: digest },
        { name: 'batch', publicKey: 'b'.repeat(64) },
      ],
    ],
    [
      'with the key of another',
      [
        { name: 'batch', publicKey: digest },
        { name: 'other', publicKey: digest },
      ],
    ],
    ['with the subject of another', ['batch', 'other'].map((name) => ({ name, subject: shown.subject }))],
  ])('is not declared %s', (_, declared) => {
    expect(() => new Certificates(declared)).toThrow(
      expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error,
    );
  });
});

/** Made by OpenSSL's command: an authority, and what it and another sign. */
function certificates(context: TestContext) {
  if (spawnSync('openssl', ['version']).status !== 0) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs openssl');
    context.skip('needs openssl');
  }
  const folder = temporaryFolder();
  const openssl = (...args: readonly string[]): Buffer =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = (name: string): Buffer =>
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    );
  authority('authority');
  authority('stranger');
  const signed = (name: string, subject: string, by = 'authority', days = '2') => {
    openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.pem`,
      '-CAkey',
      `${by}.key`,
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      days,
    );
    const spki = openssl('pkey', '-in', `${name}.key`, '-pubout', '-outform', 'DER', '-out', `${name}.spki`);
    expect(spki).toHaveLength(0);
    const publicKey = openssl('dgst', '-sha256', '-r', `${name}.spki`).toString().slice(0, 64);
    return {
      cert: readFileSync(join(folder, `${name}.pem`)),
      key: readFileSync(join(folder, `${name}.key`)),
      publicKey,
    };
  };
  return { signed, pem: (name: string) => readFileSync(join(folder, name), 'utf8') };
}

describe('over TLS', () => {
  test('the caller is whose certificate the listener verified, and nobody else’s', async (context) => {
    const { signed, pem } = certificates(context);
    signed('server', '/CN=localhost');
    const tls = { certificate: pem('server.pem'), key: pem('server.key'), clients: pem('authority.pem') };
    const seen: Credentials[] = [];
    const server = createListener(
      (message, response) => {
        const { socket } = message as unknown as { socket: TLSSocket };
        const peer = socket.getPeerX509Certificate();
        const spki = peer?.publicKey.export({ type: 'spki', format: 'der' });
        if (peer !== undefined && spki !== undefined) {
          const publicKey = spki;
          seen.push({
            certificate: { publicKey: sha256(publicKey), subject: peer.subject, until: peer.validToDate.getTime() },
          });
        }
        response.end();
      },
      { tls },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const ask = async (client: { cert?: Buffer; key?: Buffer }): Promise<number | string> => {
      const agent = new Agent({
        ca: pem('authority.pem'),
        servername: 'localhost',
        checkServerIdentity: () => undefined,
        ...client,
      });
      const asked = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent }).end();
      try {
        const [response] = (await once(asked, 'response')) as [IncomingMessage];
        response.resume();
        return response.statusCode ?? 0;
      } catch {
        return 'cut';
      } finally {
        agent.destroy();
      }
    };
    const good = signed('batch', '/O=Bank/CN=batch');
    expect(await ask(good)).toBe(200);
    expect(await ask(signed('odd', '/O=Bank/CN=evil\nO=Bank'))).toBe(200);
    // Another authority, none at all, and one that ended before it began.
    expect(await ask(signed('faker', '/O=Bank/CN=batch', 'stranger'))).toBe('cut');
    expect(await ask({})).toBe('cut');
    expect(await ask(signed('late', '/O=Bank/CN=batch', 'authority', '-1'))).toBe('cut');
    expect(seen).toHaveLength(2);
    const [first, second] = seen.map(({ certificate }) => certificate as NonNullable<Credentials['certificate']>);
    const now = Date.now();
    const declared = new Certificates([{ name: 'batch', publicKey: good.publicKey, tenant: 'bank' }]);
    const named = new Certificates([{ name: 'batch', subject: 'O=Bank\nCN=batch' }]);
    expect(first === undefined ? '' : declared.callerOf(first, now)?.id).toBe(`mtls:${good.publicKey}`);
    expect(first === undefined ? '' : named.callerOf(first, now)?.id).toBe('mtls:subject:batch');
    expect(first === undefined ? '' : declared.callerOf(first, now + 3 * 86_400_000)).toBeUndefined();
    // A line end within a name does not make it two parts.
    expect(second?.subject.split('\n')).toHaveLength(2);
    expect(second === undefined ? '' : named.callerOf(second, now)).toBeUndefined();
  });
});
