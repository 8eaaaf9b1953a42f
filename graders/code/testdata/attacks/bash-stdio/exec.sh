# early-exit; ; becomes another program
exec /bin/echo 6
