import type { GatewayResponse } from '@holdfast/evidence';
import { listKeys } from '@holdfast/gateway/callers/api-keys/issue-keys';
import type { StoredKey } from '@holdfast/gateway/callers/api-keys/key-file';
import { openProject } from '@holdfast/pipeline/project';
import type { CommandModule } from '../command.ts';
import { currentResponses } from '../gateway/current-responses.ts';
import { keyFilePath } from '../gateway/key-file-path.ts';
import { labelled } from '../wrap.ts';

export const run: CommandModule['run'] = async (invocation) => {
  const keys = await listKeys(await keyFilePath(invocation.folder));
  const responses = await currentResponses(await openProject(invocation.folder), new Date());
  const now = Date.now();
  const width = Math.max(0, ...keys.map(({ name }) => name.length)) + 3;
  return {
    exit: 0,
    lines: [
      ...(keys.length === 0 ? ['no keys'] : keys.map((key) => `${key.name.padEnd(width)}${stateOf(key, now)}`)),
      ...responses.flatMap(({ response }) => responseLines(response)),
    ],
    result: {
      keys: keys.map(({ secrets, ...key }) => ({ ...key, secrets: secrets.length })),
      responses: responses.map(({ response }) => response),
    },
  };
};

function stateOf({ revoked, expires, notBefore, secrets, roles, scopes }: StoredKey, now: number): string {
  if (revoked !== undefined) return `revoked ${dayOf(revoked)}`;
  if (expires !== undefined && expires <= now) return `expired ${dayOf(expires)}`;
  const words = [
    notBefore !== undefined && notBefore > now ? `good from ${dayOf(notBefore)}` : 'good',
    ...(expires === undefined ? [] : [`until ${dayOf(expires)}`]),
    ...(secrets.length > 1 ? ['being rotated'] : []),
    ...(roles.length === 0 ? [] : [`as ${roles.join(', ')}`]),
    ...(scopes === undefined ? [] : [`for ${scopes.join(', ')}`]),
  ];
  return words.join(' ');
}

function responseLines({ caller = 'everybody', to, route, until, reason }: GatewayResponse): string[] {
  const minute = until.slice(0, 16).replace('T', ' ');
  return ['', ...labelled('', 2, `${caller}: ${to} on ${route} until ${minute} UTC, because of ${reason}`)];
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
