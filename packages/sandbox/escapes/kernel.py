# Not an attempt: system calls for the attempts, by name. Numbers: Linux 6.1, syscall_64.tbl and asm-generic/unistd.h.
import ctypes
import errno
import os
import platform
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

numbers = {
    'bpf': (321, 280), 'clone': (56, 220), 'clone3': (435, 435), 'finit_module': (313, 273), 'fsopen': (430, 430),
    'add_key': (248, 217), 'io_uring_setup': (425, 425), 'kexec_load': (246, 104), 'mount': (165, 40),
    'name_to_handle_at': (303, 264), 'open_by_handle_at': (304, 265), 'open_tree': (428, 428),
    'perf_event_open': (298, 241), 'pidfd_getfd': (438, 438), 'pidfd_open': (434, 434), 'pivot_root': (155, 41),
    'process_vm_readv': (310, 270), 'ptrace': (101, 117), 'quotactl': (179, 60), 'reboot': (169, 142),
    'setns': (308, 268), 'sethostname': (170, 161), 'swapon': (167, 224), 'syslog': (103, 116),
    'umount2': (166, 39), 'unshare': (272, 97), 'userfaultfd': (323, 282), 'exit': (60, 93),
}


def call(name, *arguments):
    """The result, or minus the error number."""
    number = numbers[name][0 if platform.machine() == 'x86_64' else 1]
    result = libc.syscall(number, *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    return -ctypes.get_errno() if result == -1 else result


def escaped(happened=True):
    if happened:
        print('ESCAPED', flush=True)


def reached(result):
    """The kernel looked at the arguments: it neither refused the caller nor hid the call."""
    escaped(result >= 0 or -result not in (errno.EPERM, errno.ENOSYS, errno.EACCES))


def has_canary(content):
    return b'CANARY-' in content


def env(name):
    return os.environ[name]
