import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bubblewrapIsolation, findToolchain } from '@holdfast/sandbox';
import { describeAccelerators } from '@holdfast/sandbox/accelerators';
import { openGpu } from '@holdfast/sandbox/gpu';
import { launch } from '@holdfast/sandbox/launch';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isolationOf, needsPodman } from './container-scene.ts';
import { bubblewrap, bubblewrapVersion, needsBubblewrap, Scene } from './scene.ts';

/** A root folder with what drivers show. */
class Machine extends Scene {
  readonly machine = join(this.root, 'machine');

  constructor() {
    super();
    for (const name of ['dev', 'proc', 'sys']) mkdirSync(join(this.machine, name), { recursive: true });
  }

  show(path: string, text = ''): void {
    const file = join(this.machine, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Two cards, as drivers 390 to 450 wrote them; the fields are those of `nv_procfs_read_gpu_info`. */
  showNvidia(): void {
    const card = (model: string, uuid: string, minor: number) =>
      `Model: \t\t ${model}\nIRQ:   \t\t 63\nGPU UUID: \t ${uuid}\nVideo BIOS: \t 86.02.40.00.48\nBus Type: \t PCIe\n` +
      `DMA Size: \t 47 bits\nDMA Mask: \t 0x7fffffffffff\nBus Location: \t 0000:17:00.0\nDevice Minor: \t ${minor}\n` +
      'GPU Excluded:\t No\n';
    // by the place on the bus, which is not the order of the devices
    this.show(
      'proc/driver/nvidia/gpus/0000:65:00.0/information',
      card('GeForce GTX 1080 Ti', 'GPU-e953c3c5-dba7-029e-ce44-7b51417131df', 0),
    );
    this.show(
      'proc/driver/nvidia/gpus/0000:17:00.0/information',
      card('GeForce GTX TITAN X', 'GPU-4ce175fe-a313-4c4a-d620-560e96e8ef2e', 1),
    );
    this.show(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.135  Fri Jan 10 20:00:00 UTC 2025\n' +
        'GCC version:  gcc version 11.4.0 (Ubuntu 11.4.0-1ubuntu1~22.04.2) \n',
    );
    for (const name of [
      'nvidia1',
      'nvidia0',
      'nvidiactl',
      'nvidia-uvm',
      'nvidia-uvm-tools',
      'nvidia-modeset',
      'nvram',
    ]) {
      this.show(`dev/${name}`);
    }
    this.show('dev/nvidia-caps/nvidia-cap1');
  }

  /** A processor and two cards, in the words of `node_show` of kfd_topology.c. */
  showAmd(): void {
    const node = (number: number, simds: number, minor: number, version: number) => {
      this.show(
        `sys/class/kfd/kfd/topology/nodes/${number}/properties`,
        `cpu_cores_count ${simds === 0 ? 64 : 0}\nsimd_count ${simds}\nvendor_id ${simds === 0 ? 0 : 4098}\n` +
          `drm_render_minor ${minor}\ngfx_target_version ${version}\nunique_id 1891331519\n`,
      );
    };
    node(0, 0, 0, 0);
    node(1, 416, 128, 90_010);
    node(2, 1216, 129, 90_402);
    this.show('sys/class/drm/renderD128/device/unique_id', '1a2b3c4d5e6f7081\n');
    this.show('sys/class/drm/renderD128/device/product_name', '\n');
    this.show('sys/class/drm/renderD129/device/product_name', 'AMD Instinct MI300X OAM\n');
    this.show('proc/sys/kernel/osrelease', '6.8.0-45-generic\n');
    for (const name of ['kfd', 'dri/renderD128', 'dri/renderD129', 'dri/card1', 'dri/card2']) this.show(`dev/${name}`);
  }
}

describe('describeAccelerators', () => {
  let scene: Machine;
  beforeEach(() => {
    scene = new Machine();
  });
  afterEach(() => {
    scene.remove();
  });

  it('tells model, driver and UUID of the cards of NVIDIA, by their device', () => {
    scene.showNvidia();
    const common = { vendor: 'nvidia', driver: '550.135' };
    expect(describeAccelerators(scene.machine)).toEqual([
      { ...common, model: 'GeForce GTX 1080 Ti', uuid: 'GPU-e953c3c5-dba7-029e-ce44-7b51417131df', minor: 0 },
      { ...common, model: 'GeForce GTX TITAN X', uuid: 'GPU-4ce175fe-a313-4c4a-d620-560e96e8ef2e', minor: 1 },
    ]);
  });

  it.each([
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  565.77  Release Build  (nixbld@)  Sun Feb  9', '565.77'],
    [
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs-builder@U22)',
      '580.95.05',
    ],
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  510.54  Wed Apr  1 20:04:33 UTC 2020', '510.54'],
    ['something else', undefined],
  ])('reads the version of the driver: %s', (line, version) => {
    scene.show('dev/nvidia0');
    scene.show('proc/driver/nvidia/version', `${line}\nGCC version:  gcc version 9.3.0\n`);
    expect(describeAccelerators(scene.machine)[0]?.driver).toBe(version);
  });

  it('tells of the cards of AMD, by their node', () => {
    scene.showAmd();
    const common = { vendor: 'amd', driver: 'linux 6.8.0-45-generic' };
    expect(describeAccelerators(scene.machine)).toEqual([
      { ...common, model: 'gfx90a', uuid: 'GPU-1a2b3c4d5e6f7081', minor: 128 },
      { ...common, model: 'AMD Instinct MI300X OAM', minor: 129 },
    ]);
    scene.show('sys/module/amdgpu/version', '6.8.5\n');
    expect(describeAccelerators(scene.machine)[0]?.driver).toBe('6.8.5');
  });

  it('lists a device of which its driver tells nothing, and not one that is excluded', () => {
    scene.show('dev/nvidia3');
    expect(describeAccelerators(scene.machine)).toEqual([{ vendor: 'nvidia', minor: 3 }]);
    scene.show(
      'proc/driver/nvidia/gpus/0000:01:00.0/information',
      'Model: \t X\nDevice Minor: \t 0\nGPU Excluded:\t Yes\n',
    );
    expect(describeAccelerators(scene.machine)).toEqual([{ vendor: 'nvidia', minor: 3 }]);
  });

  it('takes no text that a terminal would obey, and none that is long', () => {
    scene.show('dev/nvidia0');
    const card = (model: string) => `Model: \t ${model}\nGPU UUID: \t GPU-\u001b[2J\nDevice Minor: \t 0\n`;
    for (const model of ['a\u001b[31mb', 'x'.repeat(5000), '\u202eevil']) {
      scene.show('proc/driver/nvidia/gpus/0000:01:00.0/information', card(model));
      expect(describeAccelerators(scene.machine)).toEqual([{ vendor: 'nvidia', minor: 0 }]);
    }
  });

  it('reads whatever a driver writes', () => {
    scene.show('dev/nvidia0');
    const content = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Model: ${text}\nDevice Minor: 0\n`),
    );
    fc.assert(
      fc.property(content, content, (nvidia, amd) => {
        scene.show('proc/driver/nvidia/gpus/0000:01:00.0/information', nvidia);
        scene.show('proc/driver/nvidia/version', nvidia);
        scene.show('sys/class/kfd/kfd/topology/nodes/1/properties', `${amd}\nsimd_count 4\ndrm_render_minor 128\n`);
        scene.show('sys/class/drm/renderD128/device/unique_id', amd);
        for (const { model = '', driver = '', uuid = '' } of describeAccelerators(scene.machine)) {
          expect(`${model}${driver}${uuid}`).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
          expect(model.length + uuid.length).toBeLessThanOrEqual(400);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds none on a machine without', () => {
    expect(describeAccelerators(scene.machine)).toEqual([]);
    expect(describeAccelerators('/nowhere')).toEqual([]);
  });
});

describe('openGpu', () => {
  let scene: Machine;
  beforeEach(() => {
    scene = new Machine();
  });
  afterEach(() => {
    scene.remove();
  });

  it('opens nothing when none is asked for', () => {
    scene.showNvidia();
    expect(openGpu('none', scene.machine)).toEqual({
      devices: [],
      folders: [],
      enforced: { gpu: 'none' },
      recorded: {},
    });
  });

  it.each(['all', 'open', 4] as const)('opens every device of both vendors: %s', (gpu) => {
    scene.showNvidia();
    scene.showAmd();
    const { devices, folders, enforced, recorded } = openGpu(gpu, scene.machine);
    const nvidia = [
      'nvidia-caps',
      'nvidia-modeset',
      'nvidia-uvm',
      'nvidia-uvm-tools',
      'nvidia0',
      'nvidia1',
      'nvidiactl',
    ];
    expect(devices.toSorted()).toEqual([...nvidia, 'kfd', 'dri'].map((name) => `/dev/${name}`).sort());
    expect([folders, enforced, recorded.accelerators?.length]).toEqual([['/sys'], {}, 4]);
  });

  it('opens the first of them, and what every card of the vendor needs', () => {
    scene.showNvidia();
    scene.showAmd();
    const one = openGpu(1, scene.machine);
    const shared = ['nvidia-caps', 'nvidia-modeset', 'nvidia-uvm', 'nvidia-uvm-tools', 'nvidiactl'];
    expect(one.devices.toSorted()).toEqual([...shared, 'nvidia0'].map((name) => `/dev/${name}`).sort());
    expect(one.enforced).toEqual({ gpu: '1 of 4' });
    expect(one.recorded.accelerators?.map(({ uuid }) => uuid)).toEqual(['GPU-e953c3c5-dba7-029e-ce44-7b51417131df']);
    const three = openGpu(3, scene.machine).devices.toSorted();
    expect(three).toEqual(
      [...shared, 'nvidia0', 'nvidia1', 'kfd', 'dri/renderD128'].map((name) => `/dev/${name}`).sort(),
    );
  });

  it('refuses more than there are, and all of none', () => {
    const refused = expect.objectContaining({ code: 'HF_SANDBOX_GPU', exit: 3 });
    expect(() => openGpu('all', scene.machine)).toThrow(refused);
    expect(() => openGpu(1, scene.machine)).toThrow(refused);
    expect(openGpu('open', scene.machine).devices).toEqual([]);
    scene.showNvidia();
    expect(() => openGpu(3, scene.machine)).toThrow(refused);
    for (const count of [0, -1, 1.5, Number.NaN]) {
      expect(() => openGpu(count, scene.machine)).toThrow(expect.objectContaining({ code: 'HF_SANDBOX_REQUEST' }));
    }
  });

  it('does not follow what is no device', () => {
    scene.show('dev/nvidia0');
    symlinkSync('/etc', join(scene.machine, 'dev/nvidia-..'));
    scene.show('dev/nvidia0000');
    expect(openGpu('all', scene.machine).devices).toEqual(['/dev/nvidia0']);
  });
});

describe('a run that asks for an accelerator', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => {
    scene.remove();
  });

  const there = describeAccelerators();
  const refused = expect.objectContaining({ code: 'HF_SANDBOX_GPU', exit: 3 });

  it('does not run where there is none, or not so many: in a sandbox', async (context) => {
    needsBubblewrap(context);
    const toolchain = await findToolchain({ names: [], project: scene.project });
    const isolation = bubblewrapIsolation({ program: bubblewrap, version: bubblewrapVersion(), toolchain });
    const wrap = async (gpu: number | 'all' | 'open') =>
      isolation.wrap(scene.request('ls -d /dev/nvidia* /dev/dri', { gpu }));
    await expect(wrap(there.length + 1)).rejects.toThrow(refused);
    if (there.length === 0) await expect(wrap('all')).rejects.toThrow(refused);
    const { enforcement, ...command } = await wrap('open');
    expect((await launch({ ...command, enforcement })).signal).toBeNull();
    expect(enforcement.accelerators).toEqual(there);
    expect(enforcement.enforced['gpu']).toBeUndefined();
  });

  it('does not run where there is none, or not so many: in a container', async (context) => {
    const found = await needsPodman(context);
    const isolation = isolationOf(found, await findToolchain({ names: [], project: scene.project }));
    await expect(isolation.wrap(scene.request('true', { gpu: there.length + 1 }))).rejects.toThrow(refused);
    const command = await isolation.wrap(scene.request('ls /sys/class', { gpu: 'open' }));
    const { stdout, code } = await launch(command);
    expect([code, stdout.includes('net')]).toEqual([0, true]);
    expect(command.enforcement.accelerators).toEqual(there);
  });
});
