import { GatewayError } from '../errors.ts';
import type { Caller, Credentials } from './caller.ts';
import type { CertificateCallers } from './callers.ts';

/** A client certificate that counts, by its key or by its subject: one of both. */
export interface DeclaredCertificate {
  readonly name: string;
  /** SHA-256 of its SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), in lower-case hex: the same after it was renewed with its key. */
  readonly publicKey?: string;
  /**
   * Its subject as Node writes it: one part on each line, `O=Bank\nCN=batch`. Whichever certificate the authorities of the listener
   * give this subject counts, so they have to be authorities that give it to nobody else.
   */
  readonly subject?: string;
  readonly roles?: readonly string[];
  readonly tenant?: string;
}

/** Client certificates that TLS verified (RFC 8446 section 4.4.2) and that are declared; every other says nothing of its caller. */
export class Certificates implements CertificateCallers {
  readonly #byKey = new Map<string, Caller>();
  readonly #bySubject = new Map<string, Caller>();

  /** @throws GatewayError HF_GATEWAY_CONFIGURATION where one is declared twice, or by nothing or both */
  constructor(declared: readonly DeclaredCertificate[]) {
    const names = new Set<string>();
    for (const certificate of declared) {
      const { name, publicKey, subject } = certificate;
      if (names.has(name)) throw bad(`\`${name}\` is declared twice`);
      names.add(name);
      if (publicKey !== undefined && subject === undefined) this.#addKey(publicKey, certificate);
      else if (subject !== undefined && publicKey === undefined) this.#addSubject(subject, certificate);
      else throw bad(`\`${name}\` is known by its key or by its subject`);
    }
  }

  /** One that was good when its connection began and has ended since is not good any more. */
  callerOf({ publicKey, subject, until }: NonNullable<Credentials['certificate']>, nowMs: number): Caller | undefined {
    if (until !== undefined && !(nowMs < until)) return undefined;
    return this.#byKey.get(publicKey) ?? this.#bySubject.get(subject);
  }

  #addKey(publicKey: string, certificate: DeclaredCertificate): void {
    if (!/^[0-9a-f]{64}$/.test(publicKey)) throw bad(`the key of \`${certificate.name}\` is no SHA-256 digest`);
    if (this.#byKey.has(publicKey)) throw bad(`the key of \`${certificate.name}\` is another’s`);
    this.#byKey.set(publicKey, callerOf(`mtls:${publicKey}`, certificate));
  }

  #addSubject(subject: string, certificate: DeclaredCertificate): void {
    if (!subject.split('\n').every((part) => /^[A-Za-z0-9.]+=./.test(part))) {
      throw bad(`the subject of \`${certificate.name}\` is none`);
    }
    if (this.#bySubject.has(subject)) throw bad(`the subject of \`${certificate.name}\` is another’s`);
    this.#bySubject.set(subject, callerOf(`mtls:subject:${certificate.name}`, certificate));
  }
}

function callerOf(id: string, { name, roles = [], tenant = id }: DeclaredCertificate): Caller {
  return { id, name, roles: [...new Set(roles)], tenant };
}

const bad = (message: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.callers.certificates' });
