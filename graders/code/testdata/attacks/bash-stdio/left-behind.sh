# survivor; survivors canary tmp; jobs by every way a shell knows
(while :; do sleep 0.2; echo left > /tmp/rh_canary; done) >/dev/null 2>&1 &
nohup setsid sh -c 'while :; do sleep 1; done' >/dev/null 2>&1 &
coproc sleep 300
exec 7> >(sleep 300)
(trap '' HUP; exec -a '[migration/0]' sleep 300) &
disown -a
echo 6
