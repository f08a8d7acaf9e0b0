import { expect } from 'vitest';
import { needsPodman } from './container-scene.ts';
import { DockerDaemon } from './docker-daemon.ts';
import { listAttempts } from './escape-attempts.ts';
import { type EscapeSetting, notRefused, ordinaryUser, runEscapes, type users } from './run-escapes.ts';

interface Context {
  skip(note: string): never;
}

/** One way to run attempts in a container. */
interface Way {
  readonly user: (typeof users)[number];
  readonly setting: EscapeSetting;
  readonly close?: () => Promise<void>;
}

/** The ways to have a container; each skips where it cannot be had, or fails where everything must be there. */
export const ways = {
  'with podman, as the user of this test': async (context) => {
    await needsPodman(context);
    return { user: 'the user of this test', setting: { kind: 'podman' } };
  },
  'with podman, as an ordinary user': async (context) => {
    await needsPodman(context);
    if (process.getuid?.() !== 0) context.skip('the user of this test is one');
    const setting = ordinaryUser() ?? missing(context, 'needs an ordinary user with numbers of its own in /etc/subuid');
    return { user: 'the user of this test', setting };
  },
  'with docker, as an ordinary user': async (context) => {
    if (process.getuid?.() !== 0) context.skip('needs root, to start a service');
    const daemon = (await DockerDaemon.start('65534')) ?? missing(context, 'needs dockerd that can run here');
    return {
      user: 'nobody',
      setting: { kind: 'docker', environment: daemon.environment },
      close: () => daemon.stop(),
    };
  },
} satisfies Record<string, (context: Context) => Promise<Way>>;

function missing(context: Context, need: string): never {
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  return context.skip(need);
}

/** Runs attempts, all of them without names, and expects that none gets out, or leaves anything. */
export async function expectNoEscape({ user, setting, close }: Way, names: readonly string[] = []): Promise<void> {
  const all = listAttempts();
  try {
    const { attempts, left } = await runEscapes(user, names, setting);
    expect(attempts.filter(({ escaped }) => escaped)).toEqual([]);
    // what depends on the machine was tried, and may have failed without a container, too
    const certain = new Set(all.flatMap(({ name, bare }) => (bare === 'machine' ? [] : [name])));
    expect(attempts.filter(({ name, works }) => works === false && certain.has(name))).toEqual([]);
    expect(attempts).toHaveLength(names.length === 0 ? all.length : names.length);
    expect(left).toEqual([]);
    expect(notRefused(attempts)).toEqual([]);
    // none of them is a container that did not start
    expect(attempts.filter(({ inside }) => /^12[567] /.test(inside))).toEqual([]);
  } finally {
    await close?.();
  }
}
