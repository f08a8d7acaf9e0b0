# tries: the keyring of the user, which no namespace divides
# bare: always
from kernel import call, escaped

KEY_SPEC_PROCESS_KEYRING = -2
escaped(call('add_key', b'user', b'holdfast', b'payload', 7, KEY_SPEC_PROCESS_KEYRING) > 0)
