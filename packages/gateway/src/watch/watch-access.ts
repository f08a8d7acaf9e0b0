import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { GatewayError } from '../errors.ts';

const leastCharacters = 32;
const mostSessions = 16;

/** @throws GatewayError HF_GATEWAY_CONFIGURATION for a file that is not there, that others can read, or whose token is short */
export function watchToken(path: string, what = 'gateway.watch'): string {
  let text: string;
  let mode: number;
  try {
    ({ mode } = statSync(path));
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw wrong(`the token of \`${what}\` cannot be read: \`${path}\``, cause);
  }
  if ((mode & 0o077) !== 0) throw wrong(`others can read \`${path}\`: \`chmod 600\` it`);
  if (!/^[!-~]+$/.test(text) || text.length < leastCharacters || text.length > 1024) {
    throw wrong(`the token in \`${path}\` is not ${leastCharacters} characters or more without spaces`);
  }
  return text;
}

const wrong = (message: string, cause?: unknown): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, cause === undefined ? {} : { cause });

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** Who may look: whoever has the token, a link that was not used yet, or a session that began with one of them. */
export class WatchAccess {
  readonly #token: Buffer;
  readonly #links = new Set<string>();
  readonly #sessions = new Set<string>();

  constructor(token: string) {
    this.#token = digest(token);
  }

  /** The secret of a link, good for one session. */
  link(): string {
    const secret = randomBytes(32).toString('base64url');
    this.#links.add(digest(secret).toString('hex'));
    return secret;
  }

  /** @returns the secret of a session, undefined for what is not good; a link is used up by it */
  begin(authorization: string | undefined): string | undefined {
    const shown = secretOf(authorization);
    if (shown === undefined) return undefined;
    if (!timingSafeEqual(digest(shown), this.#token) && !this.#links.delete(digest(shown).toString('hex'))) {
      return undefined;
    }
    const session = randomBytes(32).toString('base64url');
    const [oldest] = this.#sessions;
    if (this.#sessions.size >= mostSessions && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.add(digest(session).toString('hex'));
    return session;
  }

  isGood(authorization: string | undefined): boolean {
    const shown = secretOf(authorization);
    if (shown === undefined) return false;
    const of = digest(shown);
    return timingSafeEqual(of, this.#token) || this.#sessions.has(of.toString('hex'));
  }
}

const secretOf = (authorization: string | undefined): string | undefined =>
  /^Bearer ([!-~]{1,1024})$/.exec(authorization ?? '')?.[1];
