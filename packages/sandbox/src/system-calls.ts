/** The processors that there is a filter for, as `process.arch` calls them. */
export type FilteredArchitecture = 'x64' | 'arm64';

/**
 * Numbers of system calls: `[name, x86_64, aarch64]`; `null` where the processor never had the call.
 *
 * Source: Linux 6.1 `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h` (which is what
 * aarch64 uses); 452 and 467, the same on both, from `scripts/syscall.tbl` of Linux 6.15.
 */
export type SystemCall = readonly [name: string, x64: number, arm64: number | null];

/** Answered with EPERM whatever their arguments. */
export const forbiddenCalls: readonly SystemCall[] = [
  // other processes: their memory, registers, descriptors
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['process_madvise', 440, 440],
  ['kcmp', 312, 272],
  ['pidfd_getfd', 438, 438],
  // mounts and namespaces
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['pivot_root', 155, 41],
  ['chroot', 161, 51],
  ['open_tree', 428, 428],
  ['open_tree_attr', 467, 467],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fsconfig', 431, 431],
  ['fsmount', 432, 432],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
  ['unshare', 272, 97],
  ['setns', 308, 268],
  // files by handle go around every mount: open_by_handle_at(2), the "shocker" way out of early Docker
  ['name_to_handle_at', 303, 264],
  ['open_by_handle_at', 304, 265],
  ['fanotify_init', 300, 262],
  // keys belong to a user, not to a namespace: keyrings(7)
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  ['keyctl', 250, 219],
  // programs in the kernel, and the parts of it with most of its holes
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['userfaultfd', 323, 282],
  ['init_module', 175, 105],
  ['finit_module', 313, 273],
  ['delete_module', 176, 106],
  ['create_module', 174, null],
  ['query_module', 178, null],
  ['kexec_load', 246, 104],
  ['kexec_file_load', 320, 294],
  ['lookup_dcookie', 212, 18],
  ['nfsservctl', 180, 42],
  ['uselib', 134, null],
  ['_sysctl', 156, null],
  ['modify_ldt', 154, null],
  ['iopl', 172, null],
  ['ioperm', 173, null],
  // the machine as a whole
  ['reboot', 169, 142],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['acct', 163, 89],
  ['quotactl', 179, 60],
  ['quotactl_fd', 443, 443],
  ['settimeofday', 164, 170],
  ['clock_settime', 227, 112],
  ['clock_adjtime', 305, 266],
  ['sethostname', 170, 161],
  ['setdomainname', 171, 162],
  ['syslog', 103, 116],
  ['vhangup', 153, 58],
];

/**
 * Answered with ENOSYS, so that a program takes its older way: `clone3` hides its flags behind a pointer that a
 * filter cannot follow, and `io_uring` carries out system calls that no filter sees.
 */
export const absentCalls: readonly SystemCall[] = [
  ['clone3', 435, 435],
  ['io_uring_setup', 425, 425],
  ['io_uring_enter', 426, 426],
  ['io_uring_register', 427, 427],
];

/** A call that is forbidden for some values of one argument, of which the kernel looks at the lower 32 bits. */
export interface ArgumentRule {
  readonly calls: readonly SystemCall[];
  /** Position of the argument, from 0. */
  readonly argument: number;
  /** `any of these bits`, `one of these values`, or `anything but these values`. */
  readonly when: 'bits' | 'equal' | 'other';
  readonly values: readonly number[];
  readonly error: 'EPERM' | 'EAFNOSUPPORT';
}

/**
 * CLONE_NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (0x7e000000) and CLONE_NEWNS (`linux/sched.h`).
 * CLONE_NEWTIME is not among them: for `clone` its bit belongs to the signal, only `unshare` and `clone3` have it.
 */
const newNamespace = 0x7e02_0000;

/** S_ISUID and S_ISGID (`linux/stat.h`). */
const setId = 0o6000;

export const argumentRules: readonly ArgumentRule[] = [
  { calls: [['clone', 56, 220]], argument: 0, when: 'bits', values: [newNamespace], error: 'EPERM' },
  // TIOCSTI types into the terminal, TIOCLINUX pastes into a console: ioctl_tty(2)
  { calls: [['ioctl', 16, 29]], argument: 1, when: 'equal', values: [0x5412, 0x541c], error: 'EPERM' },
  // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK; AF_VSOCK would reach the host of a virtual machine past every namespace
  { calls: [['socket', 41, 198]], argument: 0, when: 'other', values: [1, 2, 10, 16], error: 'EAFNOSUPPORT' },
  // a set-user-id file keeps its power outside
  {
    calls: [
      ['chmod', 90, null],
      ['fchmod', 91, 52],
      ['creat', 85, null],
    ],
    argument: 1,
    when: 'bits',
    values: [setId],
    error: 'EPERM',
  },
  {
    calls: [
      ['fchmodat', 268, 53],
      ['fchmodat2', 452, 452],
    ],
    argument: 2,
    when: 'bits',
    values: [setId],
    error: 'EPERM',
  },
];
