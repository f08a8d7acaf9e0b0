import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactDigest } from '@holdfast/evidence/digest/index';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type Statement, statementOf } from '@holdfast/evidence/statement';
import { copyOf, newAllowedProject } from '@holdfast/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkInstalled } from '../src/install/check-installed.ts';
import { recoverInstalled } from '../src/install/recover.ts';
import { withdraw } from '../src/vouch.ts';
import { copyOfDevice } from './install-kill.ts';
import {
  archiveOf,
  current,
  deviceWith,
  emptyFolder,
  makeReleases,
  model,
  newDevice,
  type Releases,
  release,
  retrain,
  settingsOf,
  update,
} from './install-scene.ts';

let scene: Releases;
let updated: string;
beforeAll(async () => {
  scene = await makeReleases();
  updated = await deviceWith(scene, scene.first);
  await update(scene.second, updated);
}, 120_000);

const now = (): Date => new Date();
const refusedWith = (code: string) => ({ code }) as unknown as Error;
const stateOf = async (folder: string): Promise<unknown> => {
  const state = await checkInstalled(folder, { now: now(), pointer: 'current' });
  return state.isGood ? state.version : state.problem.code;
};

describe('an update', () => {
  test('is installed, and the one before is kept', async () => {
    const folder = await deviceWith(scene, scene.first);
    const before = current(folder);
    expect(await stateOf(folder)).toBe(1);
    expect(await update(scene.second, folder)).toMatchObject({ version: 2, isUnchanged: false, device: 'camera' });
    expect(await stateOf(folder)).toBe(2);
    expect(model(folder).equals(readFileSync(scene.project.path('build/model/model.onnx')))).toBe(true);
    expect(await checkInstalled(folder, { now: now(), pointer: 'previous' })).toMatchObject({
      isGood: true,
      version: 1,
    });
    expect(readdirSync(join(folder, 'versions')).toSorted()).toEqual([before, current(folder)].toSorted());
  });

  test('that is there already changes nothing', async () => {
    const folder = await deviceWith(scene, scene.first);
    expect(await update(scene.first, folder)).toMatchObject({ version: 1, isUnchanged: true });
    expect(existsSync(join(folder, 'previous'))).toBe(false);
  });

  test('that is older than what is there is refused, and nothing is lost', async () => {
    const folder = await deviceWith(scene, scene.second);
    await expect(update(scene.first, folder)).rejects.toMatchObject(refusedWith('HF_INSTALL_OLDER'));
    expect(await stateOf(folder)).toBe(2);
  });

  test('with the bytes of an older version under newer evidence is refused', async () => {
    const project = copyOf(scene.project);
    cpSync(project.path('build/model'), project.path('kept/model'), { recursive: true });
    await retrain(project);
    await release(project);
    const folder = await deviceWith(scene, scene.first);
    await expect(update(await archiveOf(project, 'kept/model'), folder)).rejects.toMatchObject({
      code: 'HF_INSTALL_OLDER',
      message: 'the archive holds version 2, but its evidence tells of version 3',
    });
    await expect(update(await archiveOf(project, 'none'), folder)).rejects.toMatchObject(
      refusedWith('HF_INSTALL_INCOMPLETE'),
    );
    expect(await stateOf(folder)).toBe(1);
  });

  test('of an old artifact under a higher version goes back on purpose', async () => {
    const project = copyOf(scene.project);
    await release(project, 'camera', 7);
    const folder = await deviceWith(scene, scene.second);
    expect(await update(await archiveOf(project), folder)).toMatchObject({ version: 7, isUnchanged: true });
    expect(await stateOf(folder)).toBe(7);
  });

  test('for another class of devices is refused, and leaves no folder behind', async () => {
    const folder = newDevice();
    const settings = { ...scene.settings, device: 'drone' };
    await expect(update(scene.first, folder, settings)).rejects.toMatchObject(refusedWith('HF_INSTALL_OTHER_DEVICE'));
    expect(existsSync(folder)).toBe(false);
  });

  test('that nobody released is refused, and so is one by a key that may not release', async () => {
    const project = await newAllowedProject();
    const settings = settingsOf(project);
    await expect(update(await archiveOf(project), newDevice(), settings)).rejects.toMatchObject(
      refusedWith('HF_INSTALL_UNSIGNED'),
    );
    const { digest } = await project.artifact();
    await project.record(statementWith(digest, filesOf(digest), 1), 'builder');
    await expect(update(await archiveOf(project), newDevice(), settings)).rejects.toMatchObject(
      refusedWith('HF_INSTALL_UNSIGNED'),
    );
  });

  test('that the policy of the device denies is refused, whatever the archive decided', async () => {
    const text = `${scene.settings.policy?.text ?? ''}
@id("two") forbid (principal, action == Holdfast::Action::"deploy", resource)
unless { resource has approval && resource.approval.byOthers >= 2 };`;
    const settings = { ...scene.settings, policy: { name: 'p.cedar', text } };
    const folder = newDevice();
    await expect(update(scene.first, folder, settings)).rejects.toMatchObject({
      code: 'HF_INSTALL_DENIED',
      message: expect.stringContaining('`two`') as string,
    });
    expect(existsSync(folder)).toBe(false);
  });

  test('whose ledger the device does not trust is refused', async () => {
    const other = { origin: 'other.example', verifierKeys: [] };
    const trust = {
      ...scene.settings.trust!,
      ledgers: scene.settings.trust!.ledgers.map((one) => ({ ...one, ...other })),
    };
    await expect(update(scene.first, newDevice(), { ...scene.settings, trust })).rejects.toMatchObject(
      refusedWith('HF_INSTALL_UNSIGNED'),
    );
  });

  test('signed by keys that the device does not know is refused', async () => {
    const signers = scene.settings.trust!.signers.map((signer) => ({ ...signer, publicKey: freshKey() }));
    const trust = { ...scene.settings.trust!, signers };
    await expect(update(scene.first, newDevice(), { ...scene.settings, trust })).rejects.toMatchObject(
      refusedWith('HF_INSTALL_UNSIGNED'),
    );
  });

  test('without the settings of a new device is refused, and so is another class for a known one', async () => {
    await expect(update(scene.first, newDevice(), { device: 'camera' })).rejects.toMatchObject(
      refusedWith('HF_INSTALL_SETTINGS'),
    );
    const folder = await deviceWith(scene, scene.first);
    await expect(update(scene.second, folder, { device: 'drone' })).rejects.toMatchObject(
      refusedWith('HF_INSTALL_SETTINGS'),
    );
  });

  test('whose ledger has another history is refused', async () => {
    const [one, other] = [copyOf(scene.project), copyOf(scene.project)];
    await one.approve();
    await other.sign();
    await other.approve();
    const folder = await deviceWith(scene, await archiveOf(one));
    await expect(update(await archiveOf(other), folder)).rejects.toMatchObject(refusedWith('HF_LEDGER_FORK'));
    expect(await stateOf(folder)).toBe(2);
  });
});

describe('a withdrawal', () => {
  test('reaches a device although nothing is installed with it, and is not recovered from', async () => {
    const project = copyOf(scene.project);
    const folder = copyOfDevice(updated);
    await withdraw(await project.open(), await project.artifact(), 'it sees ghosts', 'approver');
    await expect(update(await archiveOf(project, 'none'), folder)).rejects.toMatchObject({
      code: 'HF_INSTALL_DENIED',
      message: expect.stringContaining('withdrawn') as string,
    });
    expect(await stateOf(folder)).toBe('HF_INSTALL_DENIED');
    await expect(update(scene.second, folder)).rejects.toMatchObject(refusedWith('HF_INSTALL_OLDER'));
    expect(await recoverInstalled(folder, now())).toMatchObject({ isGood: true, isRecovered: true, version: 1 });
  });
});

describe('at a start', () => {
  const damages: readonly (readonly [string, (folder: string) => void])[] = [
    [
      'a byte of the model',
      (folder) => {
        overwrite(join(folder, 'current/model/model.onnx'));
      },
    ],
    [
      'a file that is gone',
      (folder) => {
        rmSync(join(folder, 'current/model/model.onnx'));
      },
    ],
    [
      'a file more',
      (folder) => {
        writeFileSync(join(folder, 'current/model/more'), '');
      },
    ],
    [
      'a file beside it',
      (folder) => {
        writeFileSync(join(folder, 'current/more'), '');
      },
    ],
    [
      'a file that digests leave out',
      (folder) => {
        writeFileSync(join(folder, 'current/model/model.sig'), '');
      },
    ],
    [
      'a link in it',
      (folder) => {
        symlinkSync('/etc/hostname', join(folder, 'current/model/more'));
      },
    ],
    [
      'a version that is gone',
      (folder) => {
        rmSync(join(folder, 'versions', current(folder)), { recursive: true });
      },
    ],
  ];

  test.each(damages)('%s is found, and the last good version takes its place', async (_, damage) => {
    const folder = copyOfDevice(updated);
    damage(folder);
    expect(await stateOf(folder)).toBe('HF_INSTALL_DAMAGED');
    expect(await recoverInstalled(folder, now())).toMatchObject({ isGood: true, isRecovered: true, version: 1 });
    expect(await stateOf(folder)).toBe(1);
    // Installed again, it is whole again.
    expect(await update(scene.second, folder)).toMatchObject({ version: 2, isUnchanged: false });
    expect(await stateOf(folder)).toBe(2);
  });

  test('a damaged version without one before stays refused', async () => {
    const folder = await deviceWith(scene, scene.first);
    overwrite(join(folder, 'current/model/model.onnx'));
    expect(await recoverInstalled(folder, now())).toMatchObject({ isGood: false, isRecovered: false });
    expect(await update(scene.first, folder)).toMatchObject({ version: 1, isUnchanged: false });
    expect(await stateOf(folder)).toBe(1);
  });

  test('one torn copy of the evidence does no harm, and two are said', async () => {
    const folder = copyOfDevice(updated);
    writeFileSync(join(folder, 'evidence.holdfast'), 'torn');
    expect(await stateOf(folder)).toBe(2);
    await expect(update(scene.first, folder)).rejects.toMatchObject(refusedWith('HF_INSTALL_OLDER'));
    writeFileSync(join(folder, 'evidence.copy.holdfast'), 'torn');
    expect(await stateOf(folder)).toBe('HF_INSTALL_STATE');
    await expect(update(scene.second, folder)).rejects.toMatchObject(refusedWith('HF_INSTALL_STATE'));
  });

  test.each([
    ['no JSON', 'x'],
    ['of another format', '{"format":2}'],
    ['without a policy', '{"format":1,"device":"camera","environment":"production","trust":{}}'],
  ])('settings that are %s are said', async (_, text) => {
    const folder = copyOfDevice(updated);
    writeFileSync(join(folder, 'device.json'), text);
    expect(await stateOf(folder)).toBe('HF_INSTALL_STATE');
  });

  test.each(['/etc', '../elsewhere', 'versions/../..', 'versions/x'])(
    'a link to %s is not followed',
    async (target) => {
      const folder = await deviceWith(scene, scene.first);
      rmSync(join(folder, 'current'));
      symlinkSync(target, join(folder, 'current'));
      expect(await stateOf(folder)).toBe('HF_INSTALL_STATE');
    },
  );

  test('an empty folder has nothing to start', async () => {
    const folder = newDevice();
    expect(await stateOf(folder)).toBe('HF_INSTALL_NOTHING');
    emptyFolder(folder);
    expect(await stateOf(folder)).toBe('HF_INSTALL_NOTHING');
  });

  test('evidence that is older than the policy allows stops a device that gets no updates', async () => {
    const folder = copyOfDevice(updated);
    const later = new Date(Date.now() + 1000 * 3_600_000);
    const state = await checkInstalled(folder, { now: later, pointer: 'current' });
    expect(state.isGood ? '' : state.problem.message).toMatch('`fresh`');
  });
});

describe('a release', () => {
  test('has a version over every one before', async () => {
    const project = copyOf(scene.project);
    for (const version of [0, -1, 1.5, 2, Number.NaN]) {
      await expect(release(project, 'camera', version)).rejects.toMatchObject(refusedWith('HF_RELEASE_VERSION'));
    }
    expect(await release(project, 'drone')).toMatchObject({ version: 1 });
  });

  test.each([
    ['a file of another digest', (files: File[]) => [{ ...files[0]!, sha256: 'ab'.repeat(32) }]],
    ['a file more', (files: File[]) => [...files, { ...files[0]!, name: 'z.onnx' }]],
    ['a file twice', (files: File[]) => [...files, ...files]],
    ['another name', (files: File[]) => [{ ...files[0]!, name: 'other.onnx' }]],
  ])('that names %s is refused on the device', async (_, change) => {
    const project = copyOf(scene.project);
    const { digest } = await project.artifact();
    await project.record(statementWith(digest, change([...filesOf(digest)]), 9), 'approver');
    const folder = await deviceWith(scene, scene.first);
    await expect(update(await archiveOf(project), folder)).rejects.toMatchObject(
      refusedWith('HF_INSTALL_CONTRADICTION'),
    );
    expect(await stateOf(folder)).toBe(1);
  });

  test('of a file that no device could write is refused', async () => {
    const project = copyOf(scene.project);
    project.write('build/model/a\\b', 'x');
    await expect(release(project)).rejects.toMatchObject(refusedWith('HF_RELEASE_FILES'));
    rmSync(project.path('build/model/a\\b'));
  });
});

function statementWith(digest: ArtifactDigest, files: readonly File[], version: number): Statement {
  const named = { device: 'camera', version, name: 'model', stages: [], releasedOn: now().toISOString() };
  return statementOf(predicateTypes.release, [{ digest: { ...digest.digests } }], { ...named, files });
}

const filesOf = (digest: ArtifactDigest): readonly File[] => (digest.kind === 'folder' ? digest.files : []);

const freshKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

interface File {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

function overwrite(file: string): void {
  chmodSync(file, 0o644);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
}
