import { spawn } from 'node:child_process';
import { findToolchain, type IsolationRequest } from '@holdfast/sandbox';
import { askEngine } from '@holdfast/sandbox/container-engine';
import { launch } from '@holdfast/sandbox/launch';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { argumentsOf, type FoundEngine, isolationOf, kill, needsPodman, processesOf } from './container-scene.ts';
import { Scene } from './scene.ts';

describe('a container', () => {
  let scene: Scene;
  let found: FoundEngine;
  beforeEach(async (context) => {
    found = await needsPodman(context);
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  async function wrap(names: readonly string[], request: IsolationRequest) {
    const toolchain = await findToolchain({ names, project: scene.project });
    return isolationOf(found, toolchain).wrap(request);
  }

  it('is not started by a name that is taken', async () => {
    const first = await wrap([], scene.request('sleep 60', { runId: `taken-${process.pid}` }));
    const running = launch(first);
    try {
      await vi.waitFor(async () => {
        expect(await containers(`taken-${process.pid}`)).toHaveLength(1);
      }, 20_000);
      await expect(wrap([], scene.request('true', { runId: `taken-${process.pid}` }))).rejects.toThrow(
        expect.objectContaining({ code: 'HF_SANDBOX_START' }),
      );
    } finally {
      await first.release?.();
    }
    expect((await running).code).not.toBe(0);
    expect(await containers(`taken-${process.pid}`)).toEqual([]);
  });

  async function containers(name: string): Promise<string[]> {
    const options = ['ps', '--all', '--filter', `name=holdfast-${name}`, '--format', '{{.Names}}'];
    const { stdout } = await askEngine(found.engine, options);
    return stdout.split('\n').filter((line) => line !== '');
  }

  it.each(['the runner', 'the engine'])('ends when %s is killed, and its container is gone', async (who) => {
    const runId = `killed-${process.pid}-${who.length}`;
    const environment = { ...scene.request('').environment, HOLDFAST_RUN: runId };
    const request = scene.request('sleep 300 & sleep 300', { runId, environment });
    const starter = `
      import { containerIsolation } from '@holdfast/sandbox/container';
      import { launch } from '@holdfast/sandbox/launch';
      const [options, request] = JSON.parse(process.argv[1]);
      await launch(await containerIsolation(options).wrap(request));`;
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const flags = [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      starter,
    ];
    const words = [...flags, JSON.stringify([{ ...found, toolchain }, request])];
    const child = spawn(process.execPath, words, { cwd: import.meta.dirname, stdio: 'ignore' });
    try {
      // both sleeps, the shell of the command, the first program with its cord, the engine and what holds the cord
      await vi.waitFor(() => {
        expect(processesOf(runId).length).toBeGreaterThanOrEqual(7);
      }, 30_000);
      if (who === 'the engine') kill(processesOf(runId).filter((pid) => argumentsOf(pid)[0] === found.engine.program));
    } finally {
      if (who === 'the runner') child.kill('SIGKILL');
    }
    await vi.waitFor(async () => {
      expect(processesOf(runId)).toEqual([]);
      expect(await containers(runId)).toEqual([]);
    }, 20_000);
    child.kill('SIGKILL');
  });

  it('is found by its run when everything that started it is gone', async () => {
    const runId = `left-${process.pid}`;
    const request = scene.request('sleep 300', { runId, environment: { PATH: '/usr/bin:/bin', HOLDFAST_RUN: runId } });
    const command = await wrap([], request);
    const running = launch(command);
    await vi.waitFor(() => {
      expect(processesOf(runId).map((pid) => argumentsOf(pid).slice(0, 2))).toContainEqual(['sleep', '300']);
    }, 20_000);
    kill(processesOf(runId));
    await running;
    await vi.waitFor(async () => {
      expect(processesOf(runId)).toEqual([]);
      expect(await containers(runId)).toEqual([]);
    }, 20_000);
  });
});
