# resource; alive; lifts limits and asks for all there is
ulimit -u unlimited -v unlimited -f unlimited -t unlimited -n 1048576 2>/dev/null
a=x
while :; do a=$a$a$a$a; done
