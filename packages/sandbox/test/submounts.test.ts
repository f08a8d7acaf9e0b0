import { withSubmounts } from '@holdfast/sandbox/submounts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// the first two lines as in proc_pid_mountinfo(5)
const mountinfo = String.raw`36 35 98:0 /mnt1 /data rw,noatime master:1 - ext3 /dev/root rw,errors=continue
37 36 0:41 / /data/a\040disk rw,relatime - tmpfs tmpfs rw
38 36 0:42 / /data/back\134slash\012line rw,relatime - tmpfs tmpfs rw
39 35 0:43 / /database rw,relatime - tmpfs tmpfs rw
40 37 0:44 / /data/a\040disk/deeper rw,relatime - tmpfs tmpfs rw
41 37 0:44 / /data/a\040disk/deeper rw,relatime - tmpfs tmpfs rw`;

describe('what is mounted below a bind', () => {
  it('follows it, by the place where the bind is seen', () => {
    expect(withSubmounts([{ source: '/data', path: '/project/in' }], mountinfo)).toEqual([
      { source: '/data', path: '/project/in' },
      { source: '/data/a disk', path: '/project/in/a disk' },
      { source: '/data/back\\slash\nline', path: '/project/in/back\\slash\nline' },
      { source: '/data/a disk/deeper', path: '/project/in/a disk/deeper' },
    ]);
  });

  it('is nothing where nothing is', () => {
    const binds = [
      { source: '/data/a disk/deeper', path: '/x' },
      { source: '/dat', path: '/y' },
    ];
    expect(withSubmounts(binds, mountinfo)).toEqual(binds);
    expect(withSubmounts(binds, '')).toEqual(binds);
  });

  it('lies in the bind, whatever the kernel says', () => {
    const line = fc.oneof(
      fc.string(),
      fc.string().map((point) => `1 2 0:1 / /data/${point} rw - x y z`),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { path } of withSubmounts([{ source: '/data', path: '/in' }], lines.join('\n'))) {
          expect(path === '/in' || path.startsWith('/in/')).toBe(true);
        }
      }),
    );
  });
});
