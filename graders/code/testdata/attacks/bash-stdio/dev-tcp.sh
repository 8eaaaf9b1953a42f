# lambda; runtime-api; asks for the event by the shell's own sockets
for host in 127.0.0.1 localhost ::1 0; do
  exec 9<>/dev/tcp/$host/9001 && printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\n\r\n' >&9 && head -c 20 <&9
done 2>/dev/null
echo 6
