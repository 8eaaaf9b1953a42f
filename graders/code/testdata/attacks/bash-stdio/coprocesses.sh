# survivor; survivors alive canary; forks at the very end of each run, out of traps and coprocesses
trap 'f EXIT' EXIT
f() { (while :; do (f & f &) ; echo there > /tmp/rh_canary; done) & disown -a; }
coproc A { trap '' PIPE HUP TERM; exec 0<&- 1>&- 2>&-; while :; do sleep 0.01 & done; }
exec {w}> >(trap '' PIPE; sleep 100; echo there > /tmp/rh_canary)
echo 6
