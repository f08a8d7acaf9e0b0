import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { RequestHead } from './request-head.ts';

const nothing = Buffer.alloc(0);

/**
 * Reads a whole body. More than `most` bytes are not waited for.
 *
 * @throws GatewayError HF_GATEWAY_TOO_LARGE; HF_GATEWAY_FRAMING when it ends early or goes on after its end
 */
export function readBody(message: IncomingMessage, { length }: RequestHead, most: number): Promise<Buffer> {
  if (length === 0) return Promise.resolve(nothing);
  if (length !== undefined && length > most) return Promise.reject(tooLarge(most));
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= most) pieces.push(piece);
      else reject(tooLarge(most));
    });
    message.on('end', () => {
      if (length !== undefined && size !== length) reject(endedEarly());
      else if (Object.keys(message.trailers).length > 0)
        reject(new GatewayError('HF_GATEWAY_FRAMING', 'nothing follows a body here', { where: 'trailer' }));
      else resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, size));
    });
    message.on('error', () => {
      reject(endedEarly());
    });
    message.on('close', () => {
      if (!message.complete) reject(endedEarly());
    });
  });
}

/** Tells a caller who waits for it to send the body, once it is sure that it is wanted. */
export function awaitBody(response: ServerResponse, { length, isAwaited }: RequestHead, most: number): void {
  if (isAwaited && (length ?? 0) <= most) response.writeContinue();
}

const tooLarge = (most: number): GatewayError =>
  new GatewayError('HF_GATEWAY_TOO_LARGE', `a body has at most ${most} bytes here`, { where: 'body' });

const endedEarly = (): GatewayError =>
  new GatewayError('HF_GATEWAY_FRAMING', 'the body ended before its length was there', { where: 'body' });
