import { GatewayError } from '../../errors.ts';

export interface FrameLimits {
  /** Frames of one stream. */
  readonly frames: number;
  /** Bytes of one frame. */
  readonly frameBytes: number;
}

const [cr, lf] = [13, 10];
const usageKey = Buffer.from('"usage"');
const noUsage = Buffer.from('"usage":null');
const done = /^data: ?\[DONE\]\r?\n\r?\n$/;
const longestDone = 20;

/**
 * Takes a stream of server-sent events apart (https://html.spec.whatwg.org/multipage/server-sent-events.html section 9.2.6) at the blank
 * line that ends each, and hands on whole ones only. A bare carriage return, which that takes for the end of a line and many readers do
 * not, is refused.
 */
export class Frames {
  /** Whole frames that were handed on. */
  count = 0;
  /** `data: [DONE]` came: the model server has said everything. */
  isDone = false;
  /** The last frame that says what was used, as it came. */
  usage: Buffer | undefined;
  readonly #limits: FrameLimits;
  /** Of the frame that has begun. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes of the line that has begun, and whether the frame has a line that is not blank. */
  #line = 0;
  #hasLine = false;
  #last = lf;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** A frame has begun that has not ended. */
  get isBroken(): boolean {
    return this.#hasLine || this.#line > 0;
  }

  /**
   * The frames that end within a piece, together; undefined where none does.
   * @throws GatewayError HF_GATEWAY_UPSTREAM
   */
  take(piece: Buffer): Buffer | undefined {
    if (piece.length === 0) return undefined;
    this.#requireLineEnds(piece);
    let [frame, line] = [0, 0];
    const pieces: Buffer[] = [];
    for (let end = piece.indexOf(lf); end >= 0; end = piece.indexOf(lf, line)) {
      const length = this.#line + end - line;
      const before = end > 0 ? piece[end - 1] : this.#last;
      this.#line = 0;
      line = end + 1;
      if (length > 1 || (length === 1 && before !== cr)) this.#hasLine = true;
      else {
        pieces.push(this.#ended(piece.subarray(frame, line)));
        frame = line;
      }
    }
    this.#line += piece.length - line;
    this.#last = piece[piece.length - 1] as number;
    this.#hold(piece.subarray(frame));
    return pieces.length > 1 ? Buffer.concat(pieces) : pieces[0];
  }

  #requireLineEnds(piece: Buffer): void {
    if (this.#last === cr && piece[0] !== lf) throw wrong('the model server ends lines in its own way');
    for (let at = piece.indexOf(cr); at >= 0; at = piece.indexOf(cr, at + 1)) {
      if (at + 1 < piece.length && piece[at + 1] !== lf) throw wrong('the model server ends lines in its own way');
    }
  }

  #ended(rest: Buffer): Buffer {
    const frame = this.#held.length === 0 ? rest : Buffer.concat([...this.#held, rest]);
    this.#held = [];
    this.#heldBytes = 0;
    if (!this.#hasLine) return frame;
    this.#hasLine = false;
    if (frame.length > this.#limits.frameBytes) throw tooLong();
    if (this.isDone) throw wrong('the model server goes on after its end');
    this.count += 1;
    if (this.count > this.#limits.frames) throw wrong('the answer of the model server has too many parts');
    if (frame.length <= longestDone && done.test(frame.toString('latin1'))) this.isDone = true;
    else if (frame.includes(usageKey) && !frame.includes(noUsage)) this.usage = frame;
    return frame;
  }

  #hold(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#heldBytes += rest.length;
    if (this.#heldBytes > this.#limits.frameBytes) throw tooLong();
    this.#held.push(rest);
  }
}

/** Tokens of an answer by its last frame with `usage`; undefined where nothing is said, or nothing that counts. */
export function tokensUsed(frame: Buffer | undefined): number | undefined {
  if (frame === undefined) return undefined;
  const data = frame
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line[5] === ' ' ? 6 : 5));
  try {
    const { usage } = JSON.parse(data.join('\n')) as { readonly usage?: { readonly completion_tokens?: unknown } };
    const tokens = usage?.completion_tokens;
    return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0 ? tokens : undefined;
  } catch {
    return undefined;
  }
}

const wrong = (message: string): GatewayError => new GatewayError('HF_GATEWAY_UPSTREAM', message);
const tooLong = (): GatewayError => wrong('a part of the answer of the model server is too long');
