# resource; tmp alive; fills the folder, the temporary folder and the standard error
yes y > big &
yes y > /tmp/big 2>/dev/null &
yes y > "$TMPDIR/big" 2>/dev/null &
yes y >&2
