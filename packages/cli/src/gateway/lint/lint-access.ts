import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Admission } from '@holdfast/gateway/admission/admission';
import { anybody } from '@holdfast/gateway/callers/anybody';
import { readKeyFile, type StoredKey } from '@holdfast/gateway/callers/api-keys/key-file';
import type { Caller } from '@holdfast/gateway/callers/caller';
import type { Project } from '@holdfast/pipeline/project';
import type { DeclaredGateway } from '../declared-gateway.ts';
import { openAuthoriser } from '../open-access.ts';
import type { Note } from './lint-gateway.ts';

/** Who could call: keys, certificates, and whether there are tokens, whose callers only their issuer knows. */
interface Known {
  readonly keys: readonly StoredKey[];
  readonly callers: readonly Caller[];
  readonly isComplete: boolean;
}

/** Keys that have ended, quotas of roles that nobody has, and policies that let nobody ask a model. */
export async function lintAccess(
  declared: DeclaredGateway,
  project: Project,
  admissions: readonly Admission[],
): Promise<readonly Note[]> {
  const now = Date.now();
  const path = declared.callers?.keys;
  if (path !== undefined && !existsSync(join(project.folder, path))) {
    const says = `there is no file \`${path}\` yet: \`holdfast caller create NAME\` makes it`;
    return [{ where: 'gateway.callers.keys', says, stops: false }];
  }
  const known = await knownOf(declared, project, now);
  return [
    ...ended(known, now),
    ...unknownRoles(declared, known),
    ...(await shutOut(declared, project, { admissions, known })),
  ];
}

async function knownOf({ callers }: DeclaredGateway, { folder }: Project, now: number): Promise<Known> {
  const { keys, tokens, certificates } = callers ?? {};
  if ((keys ?? tokens ?? certificates) === undefined) {
    return { keys: [], callers: [await anybody.authenticate({}, now)], isComplete: true };
  }
  const stored = keys === undefined ? [] : await readKeyFile(join(folder, keys));
  const good = stored.filter(({ revoked, expires }) => revoked === undefined && (expires ?? now + 1) > now);
  return {
    keys: stored,
    callers: [...good.map(keyCaller), ...(certificates ?? []).map(certificateCaller)],
    isComplete: tokens === undefined,
  };
}

function keyCaller({ name, roles, scopes, tenant }: StoredKey): Caller {
  const id = `key:${name}`;
  return { id, name, roles, tenant: tenant ?? id, ...(scopes === undefined ? {} : { scopes }) };
}

type DeclaredCertificate = NonNullable<NonNullable<DeclaredGateway['callers']>['certificates']>[number];

function certificateCaller({ name, publicKey, roles = [], tenant }: DeclaredCertificate): Caller {
  const id = `mtls:${publicKey}`;
  return { id, name, roles, tenant: tenant ?? id };
}

function ended({ keys }: Known, now: number): Note[] {
  return keys
    .filter(({ revoked, expires }) => revoked === undefined && expires !== undefined && expires <= now)
    .map(({ name, expires = now }) => ({
      where: 'gateway.callers.keys',
      says: `the key of \`${name}\` has ended on ${new Date(expires).toISOString()}: revoke it, or give the caller another`,
      stops: false,
    }));
}

function unknownRoles({ callers }: DeclaredGateway, { callers: known, isComplete }: Known): Note[] {
  if (!isComplete) return [];
  const held = new Set(known.flatMap(({ roles }) => roles));
  const asked = new Set(
    (callers?.quotas ?? []).flatMap(({ role }) => (role === undefined || held.has(role) ? [] : [role])),
  );
  return [...asked].map((role) => ({
    where: 'gateway.callers.quotas',
    says: `no caller has the role \`${role}\`: its quota holds nobody`,
    stops: false,
  }));
}

interface Asked {
  readonly admissions: readonly Admission[];
  readonly known: Known;
}

/** Models that policy lets nobody ask of those who are known; where tokens count, others may. */
async function shutOut(declared: DeclaredGateway, project: Project, { admissions, known }: Asked): Promise<Note[]> {
  if (!known.isComplete) return [];
  if (known.callers.length === 0) {
    return [{ where: 'gateway.callers', says: 'nobody has a key: `holdfast caller create NAME`', stops: true }];
  }
  const authoriser = await openAuthoriser(declared, project.folder, () => undefined);
  const notes = declared.routes.flatMap((route, at) => {
    const admission = admissions[at];
    if (admission?.isAdmitted !== true) return [];
    if (known.callers.some((caller) => authoriser.authorise(caller, route, admission))) return [];
    const where = declared.policy === undefined ? 'gateway.callers' : `gateway.policy  ${declared.policy}`;
    return [{ where, says: `no caller may invoke \`${route.model}\` at \`${route.path}\``, stops: true }];
  });
  authoriser.close();
  return notes;
}
