import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import { PipelineError } from '../errors.ts';

const mostBytes = 4 * 1024 * 1024;
const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Certificates that servers are checked with: Node's own with those of NODE_EXTRA_CA_CERTS, and those of a file beside them.
 *
 * @returns `undefined`: Node's own
 * @throws PipelineError HF_SOURCE_AUTHORITY
 */
export async function authorities(file: string | undefined): Promise<readonly string[] | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'latin1').catch((cause: unknown) => {
    throw new PipelineError('HF_SOURCE_AUTHORITY', `\`${file}\` cannot be read`, { where: file, cause });
  });
  const found = text.length > mostBytes ? [] : (text.match(certificate) ?? []);
  if (found.length === 0 || !found.every(isCertificate)) {
    throw new PipelineError('HF_SOURCE_AUTHORITY', `\`${file}\` holds no certificate, or one that cannot be read`, {
      where: file,
    });
  }
  return [...getCACertificates('default'), ...found];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
