import { unsupported } from './malformed.ts';

const parameters = /^application\/json[ \t]*;[ \t]*charset=(?:utf-8|"utf-8")$/i;

/** Whether a request says that its body is JSON, in UTF-8 if it says anything of that (RFC 9110 section 8.3). */
export function isJson(headers: Readonly<Record<string, string>>): boolean {
  const type = headers['content-type'];
  if (type === 'application/json') return true;
  return type !== undefined && (type.toLowerCase() === 'application/json' || parameters.test(type));
}

/** The media type of a request in lower case, without parameters; the empty text when it says none. */
export function mediaType(headers: Readonly<Record<string, string>>): string {
  const type = headers['content-type'] ?? '';
  const end = type.indexOf(';');
  return (end < 0 ? type : type.slice(0, end)).trim().toLowerCase();
}

/** @throws GatewayError HF_GATEWAY_UNSUPPORTED */
export function requireJson(headers: Readonly<Record<string, string>>): void {
  if (!isJson(headers)) throw unsupported('the body is `application/json` in UTF-8 here', 'header content-type');
}
