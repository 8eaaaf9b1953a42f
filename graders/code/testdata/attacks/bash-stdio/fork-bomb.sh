# resource; survivors alive; the old one
f() { f | f & }
f
wait
