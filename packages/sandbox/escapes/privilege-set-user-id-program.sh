# tries: a set-user-id program of the machine: su may read what only root can
# bare: root
su -s /bin/sh -c 'test -r /etc/shadow && echo ESCAPED' root </dev/null
