import { GatewayError } from '../errors.ts';

/** A body that is not what its protocol says. @param where a place, never a value that was sent */
export const malformed = (message: string, where: string): GatewayError =>
  new GatewayError('HF_GATEWAY_MALFORMED', message, { where });

/** A count or depth beyond its bound. */
export const tooLarge = (message: string, where: string): GatewayError =>
  new GatewayError('HF_GATEWAY_TOO_LARGE', message, { where });

export const unsupported = (message: string, where: string): GatewayError =>
  new GatewayError('HF_GATEWAY_UNSUPPORTED', message, { where });

/**
 * Reads an answer of a model server: what would be the caller's fault in a request is the server's here.
 * @throws GatewayError HF_GATEWAY_UPSTREAM
 */
export function ofUpstream<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { where } = error;
    throw new GatewayError('HF_GATEWAY_UPSTREAM', 'the model server answered with what is no answer of its protocol', {
      ...(where === undefined ? {} : { where }),
      cause: error,
    });
  }
}
