import { hostAndPort } from '@holdfast/contracts/host';
import { shown } from '@holdfast/sandbox/errors';
import { PipelineError } from '../errors.ts';
import { askOverTls, type HttpsAnswer, type HttpsWish } from './https-answer.ts';
import { publicUri } from './public-uri.ts';

/** RFC 9110 section 15.4: those that tell another place of the same thing. */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 5;

/**
 * Asks for a URL and follows where it leads, as long as that is over TLS and to a host that is allowed.
 *
 * @param hosts that may be asked, each with its port
 * @throws PipelineError HF_SOURCE_REDIRECT, and as `askOverTls`
 */
export async function followRedirects(start: URL, hosts: ReadonlySet<string>, wish: HttpsWish): Promise<HttpsAnswer> {
  let url = start;
  for (let hop = 0; ; hop++) {
    const answer = await askOverTls(url, wish);
    if (!redirects.has(answer.status)) return answer;
    answer.body.on('error', () => undefined);
    answer.body.destroy();
    if (hop === mostRedirects) throw refused(url, `leads on more than ${mostRedirects} times`);
    url = nextUrl(answer, hosts);
  }
}

function nextUrl({ url, headers }: HttpsAnswer, hosts: ReadonlySet<string>): URL {
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, url.href)) throw refused(url, 'leads to what is no URL');
  const next = new URL(location, url);
  if (next.protocol !== 'https:')
    throw refused(url, `leads to ${shown(`${next.protocol}//${next.host}`)}, without TLS`);
  // the host may be a secret's neighbour; user names and passwords are not repeated
  if (next.username !== '' || next.password !== '') throw refused(url, 'leads to a URL with a user name or a password');
  if (hosts.has(hostAndPort(next.host))) return next;
  throw refused(url, `leads to the host ${shown(next.host)}, which is none of its \`origins\``);
}

function refused(url: URL, why: string): PipelineError {
  return new PipelineError('HF_SOURCE_REDIRECT', `the source ${why}`, { where: publicUri(url.href) });
}
