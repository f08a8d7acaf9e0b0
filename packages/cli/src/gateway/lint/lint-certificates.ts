import { X509Certificate } from 'node:crypto';
import type { DeclaredGateway } from '../declared-gateway.ts';
import type { Note } from './lint-gateway.ts';

/** Shorter than that a certificate is to be replaced: authorities of the web renew at a third of 90 days. */
const soonMs = 30 * 24 * 60 * 60 * 1000;
const where = 'gateway.listen.tls.certificate';

/** Certificates that the gateway shows, and when they end. */
export function lintCertificates({ listen: { tls } }: DeclaredGateway, now: number): Note[] {
  if (tls === undefined) return [];
  const blocks = tls.certificate.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return [{ where, says: 'there is no certificate in this file', stops: true }];
  return blocks.flatMap((block) => noteOf(block, now));
}

function noteOf(block: string, now: number): Note[] {
  try {
    const { subject, validTo } = new X509Certificate(block);
    const left = Date.parse(validTo) - now;
    const name = subject.replaceAll('\n', ', ');
    if (left <= 0) return [{ where, says: `the certificate of ${name} has ended on ${validTo}`, stops: true }];
    return left < soonMs ? [{ where, says: `the certificate of ${name} ends on ${validTo}`, stops: false }] : [];
  } catch {
    return [{ where, says: 'a certificate in this file cannot be read', stops: true }];
  }
}
