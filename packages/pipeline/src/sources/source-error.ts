import { shown } from '@holdfast/sandbox/errors';
import { PipelineError } from '../errors.ts';
import { systemCode } from '../execution/disk.ts';
import type { Patience } from './patience.ts';

const timeText = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`);

/** HF_SOURCE_TIMEOUT or HF_SOURCE_INTERRUPTED where nobody waits any more. */
export function outOfPatience({ ending, limits }: Patience, where: string): PipelineError | undefined {
  if (ending === undefined) return undefined;
  if (ending === 'wish') return new PipelineError('HF_SOURCE_INTERRUPTED', 'the fetch was interrupted', { where });
  const [what, ms] = ending === 'idle' ? ['sent nothing for', limits.idleMs] : ['took longer than', limits.totalMs];
  const fix = ending === 'idle' ? { fix: 'try again later' } : {};
  return new PipelineError('HF_SOURCE_TIMEOUT', `the source ${what} ${timeText(ms)}`, { where, ...fix });
}

/** Of `node:tls` and of OpenSSL: X509_V_ERR_… without its beginning, and what they say of the protocol. */
const ofTls =
  /^(?:CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|HOSTNAME_|ERR_TLS_|ERR_SSL_|EPROTO$|ERROR_IN_CERT)/;

/**
 * Why a request came to nothing. Only the code of the system is told: words may come from the other side.
 * @param hasAnswered whether the head of an answer was there
 */
export function requestProblem(error: unknown, patience: Patience, where: string, hasAnswered: boolean): PipelineError {
  if (error instanceof PipelineError) return error;
  const ended = outOfPatience(patience, where);
  if (ended !== undefined) return ended;
  const code = systemCode(error);
  const detail = { where, cause: error };
  if (ofTls.test(code)) {
    return new PipelineError(
      'HF_SOURCE_TLS',
      `the server is not who it should be, or not safe: ${shown(code)}`,
      detail,
    );
  }
  if (code.startsWith('HPE_')) {
    return new PipelineError('HF_SOURCE_ANSWER', `the answer is not HTTP: ${shown(code)}`, detail);
  }
  if (hasAnswered)
    return new PipelineError('HF_SOURCE_INCOMPLETE', 'the connection ended before all bytes came', detail);
  return new PipelineError(
    'HF_SOURCE_UNREACHABLE',
    `the source cannot be reached: ${shown(code || 'no answer')}`,
    detail,
  );
}

/** HF_SOURCE_DISK_FULL where the system says so; another error of the system as it is. */
export function writeProblem(error: unknown, where: string): unknown {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(systemCode(error));
  if (!isFull) return error;
  return new PipelineError('HF_SOURCE_DISK_FULL', `no space left to write \`${where}\``, { where, cause: error });
}
