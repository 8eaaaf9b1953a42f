# lambda; secret; prints what it finds of secrets
env
cat /tmp/rh_secret.txt /proc/*/environ /proc/$PPID/cmdline 2>&1
env >&2
