# tries: to take over another process
# bare: always
from kernel import call, env, escaped

PTRACE_ATTACH, PTRACE_DETACH = 16, 17
result = call('ptrace', PTRACE_ATTACH, int(env('VICTIM')), 0, 0)
escaped(result == 0)
if result == 0:
    import os

    os.waitpid(int(env('VICTIM')), 0x40000000)
    call('ptrace', PTRACE_DETACH, int(env('VICTIM')), 0, 0)
