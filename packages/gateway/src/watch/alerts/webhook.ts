import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { AlarmChange } from '../alarm.ts';

/** Alarms that wait; one more is not sent, and that is said. */
const mostWaiting = 100;
const mostAttempts = 5;
const timeMs = 5000;

export interface WebhookOptions {
  /** HTTPS, or HTTP on this machine. */
  readonly address: string;
  readonly secret: string;
  /** What could not be sent is said, by rule; the address may hold a secret and is not. */
  readonly failed: (line: string) => void;
  /** Before the second attempt, in milliseconds; doubled before each that follows. */
  readonly pauseMs?: number;
}

/**
 * What is signed: the time and the body, so that neither can be sent again under another.
 * @returns `t=SECONDS,v1=HEX`, HMAC-SHA256 (RFC 2104) of `SECONDS.BODY`
 */
export function webhookSignature(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Tells an address of each alarm, one after the other, in the order that they came in. */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #ended = new AbortController();
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  send(change: AlarmChange): void {
    if (this.#waiting >= mostWaiting) {
      this.#options.failed(`${change.rule} ${change.state}: too many alarms wait`);
      return;
    }
    this.#waiting += 1;
    this.#tail = this.#tail.then(async () => {
      await this.#deliver(change);
      this.#waiting -= 1;
    });
  }

  /** Lets what is on its way end; what waits to be tried again is given up after `graceMs`. */
  async close(graceMs = 2000): Promise<void> {
    const timer = setTimeout(() => {
      this.#ended.abort();
    }, graceMs);
    await this.#tail;
    clearTimeout(timer);
  }

  async #deliver(change: AlarmChange): Promise<void> {
    const { failed, pauseMs = 1000 } = this.#options;
    const body = JSON.stringify({ type: 'gateway-alert', ...change });
    let why = '';
    for (let attempt = 0; attempt < mostAttempts && !this.#ended.signal.aborted; attempt += 1) {
      if (attempt > 0) await sleep(pauseMs * 2 ** (attempt - 1), undefined, this.#ended).catch(() => undefined);
      const outcome = await this.#attempt(body);
      if (outcome === undefined) return;
      why = outcome.why;
      if (!outcome.isWorthAnother) break;
    }
    failed(`${change.rule} ${change.state}: ${why === '' ? 'the gateway stopped' : why}`);
  }

  /** Undefined when it was taken. */
  async #attempt(body: string): Promise<{ why: string; isWorthAnother: boolean } | undefined> {
    const { address, secret } = this.#options;
    const signature = webhookSignature(secret, Math.floor(Date.now() / 1000), body);
    try {
      const { statusCode, body: answer } = await request(address, {
        ...{ method: 'POST', body, signal: AbortSignal.any([this.#ended.signal, AbortSignal.timeout(timeMs)]) },
        headers: { 'content-type': 'application/json', 'x-holdfast-signature': signature },
      });
      await answer.dump({ limit: 64 * 1024 });
      if (statusCode >= 200 && statusCode < 300) return undefined;
      // A redirect is not followed: it would send what was signed elsewhere.
      const isWorthAnother = statusCode >= 500 || statusCode === 429 || statusCode === 408;
      return { why: `the webhook answers ${statusCode}`, isWorthAnother };
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      return {
        why: `the webhook cannot be reached (${typeof code === 'string' ? code : 'no answer'})`,
        isWorthAnother: true,
      };
    }
  }
}
