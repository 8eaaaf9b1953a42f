package split_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/confine"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// pythonThief looks for a text wherever a process may look: the files below the
// folder for temporary ones, and what the kernel shows of other processes. It
// knows the text in two parts, so that it does not find itself.
const pythonThief = `
import os, re, threading
WANTED = ("KEPT-" + "SECRET").encode()
found = []
def read(path, limit=1 << 22):
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.read(fd, limit)
    except OSError:
        return b""
    finally:
        os.close(fd)
def memory(pid):
    for line in read("/proc/%s/maps" % pid).decode(errors="replace").splitlines():
        m = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
        if not m: continue
        try:
            fd = os.open("/proc/%s/mem" % pid, os.O_RDONLY)
        except OSError:
            return
        try:
            a, b = int(m[1], 16), int(m[2], 16)
            if WANTED in os.pread(fd, min(b - a, 1 << 24), a): found.append("memory")
        except OSError:
            pass
        finally:
            os.close(fd)
def look():
    me = str(os.getpid())
    try:
        pids = [p for p in os.listdir("/proc") if p.isdigit()]
    except OSError:
        pids = []
    for pid in pids:
        if pid == me: continue
        for name in ("cmdline", "environ"):
            if WANTED in read("/proc/%s/%s" % (pid, name)): found.append(name)
        for link in ("cwd", "root"):
            try:
                target = os.readlink("/proc/%s/%s" % (pid, link))
            except OSError:
                continue
            if target != "/": walk(target)
        try:
            for fd in os.listdir("/proc/%s/fd" % pid):
                if os.path.isfile("/proc/%s/fd/%s" % (pid, fd)) and WANTED in read("/proc/%s/fd/%s" % (pid, fd)): found.append("descriptor")
        except OSError:
            pass
        memory(pid)
    walk("FOLDER")
def walk(top):
    for folder, _, names in os.walk(top):
        for n in names:
            if WANTED in read(os.path.join(folder, n)): found.append(n)
def f(x):
    look()
    return sorted(set(found))
`

const jsThief = `
const fs = require('fs'), path = require('path');
const wanted = 'KEPT-' + 'SECRET';
function read(p) { try { return fs.readFileSync(p); } catch { return Buffer.alloc(0); } }
function list(p) { try { return fs.readdirSync(p); } catch { return []; } }
const found = new Set();
function walk(top, depth) {
  for (const n of list(top)) {
    const p = path.join(top, n);
    let st; try { st = fs.lstatSync(p); } catch { continue; }
    if (st.isDirectory() && depth < 8) walk(p, depth + 1);
    else if (st.isFile() && st.size < 1 << 26 && read(p).includes(wanted)) found.add(n);
  }
}
function memory(pid) {
  let fd; try { fd = fs.openSync('/proc/' + pid + '/mem', 'r'); } catch { return; }
  for (const line of read('/proc/' + pid + '/maps').toString().split('\n')) {
    const m = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (!m) continue;
    const a = BigInt('0x' + m[1]), size = Number(BigInt('0x' + m[2]) - a);
    const b = Buffer.alloc(Math.min(size, 1 << 24));
    try { fs.readSync(fd, b, 0, b.length, a); } catch { continue; }
    if (b.includes(wanted)) found.add('memory');
  }
  fs.closeSync(fd);
}
module.exports.f = () => {
  for (const pid of list('/proc')) {
    if (!/^[0-9]+$/.test(pid) || Number(pid) === process.pid) continue;
    for (const n of ['cmdline', 'environ']) if (read('/proc/' + pid + '/' + n).includes(wanted)) found.add(n);
    try { const to = fs.readlinkSync('/proc/' + pid + '/cwd'); if (to !== '/') walk(to, 0); } catch {}
    memory(pid);
  }
  walk('FOLDER', 0);
  return [...found];
};
`

const goThief = `package cand

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func F() string {
	wanted := []byte("KEPT-" + string([]byte("SECRET")))
	found := ""
	walk := func(top string) {
		_ = filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				if b, err := os.ReadFile(p); err == nil && bytes.Contains(b, wanted) {
					found += d.Name() + " "
				}
			}
			return nil
		})
	}
	pids, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range pids {
		if p == fmt.Sprint("/proc/", os.Getpid()) {
			continue
		}
		for _, n := range []string{"cmdline", "environ"} {
			if b, _ := os.ReadFile(p + "/" + n); bytes.Contains(b, wanted) {
				found += n + " "
			}
		}
		if to, err := os.Readlink(p + "/cwd"); err == nil && to != "/" {
			walk(to)
		}
		maps, err := os.ReadFile(p + "/maps")
		mem, merr := os.Open(p + "/mem")
		if err != nil || merr != nil {
			continue
		}
		for _, line := range bytes.Split(maps, []byte("\n")) {
			var a, b int64
			var mode string
			if n, _ := fmt.Sscanf(string(line), "%x-%x %s", &a, &b, &mode); n < 3 || mode[0] != 'r' || b-a > 1<<26 {
				continue
			}
			text := make([]byte, b-a)
			if n, _ := mem.ReadAt(text, a); bytes.Contains(text[:n], wanted) {
				found += "memory "
			}
		}
		mem.Close()
	}
	walk("FOLDER")
	return found
}
`

// TestSecrets has candidates that look for the tests, with everything that the
// kernel gives and without Landlock, where files and other processes can be seen.
func TestSecrets(t *testing.T) {
	without := map[string][]string{
		"everything":  nil,
		"no landlock": {confine.LayerLandlock, confine.LayerNet, confine.LayerScope, confine.LayerNamespaces},
	}
	for name, layers := range without {
		dir := t.TempDir()
		for _, up := range []string{dir, parent(dir), parent(parent(dir))} {
			require.NoError(t, passable(up))
		}
		j, err := jail.New(t.Context(), jail.Options{Scratch: dir, Without: layers})
		if err != nil {
			t.Skipf("no jail here: %v", err)
		}
		t.Cleanup(func() { require.NoError(t, j.Close()) })
		const secret = "KEPT-SECRET"
		for _, c := range []struct {
			name  string
			tests *split.Tests
			code  string
		}{
			{"python", &split.Tests{Kind: split.Asserts, Entry: "f", Asserts: []string{"assert f(1) == [], '" + secret + "'", "assert f(2) == []"}}, pythonThief},
			{"unittest", &split.Tests{Kind: split.Unit, Framework: split.Unittest, SolutionFile: "solution.py", Files: map[string]string{
				"test_it.py": "import json, unittest, solution\nfrom helpers import WANT\nclass T(unittest.TestCase):\n  def test_f(self):\n    x = '" + secret + "'\n    self.assertEqual(solution.f(1), WANT)\n    self.assertEqual(json.load(open('data.json')), [x])\n",
				"helpers.py": "WANT = []  # " + secret + "\n", "data.json": `["` + secret + `"]`}}, pythonThief},
			{"pytest", &split.Tests{Kind: split.Unit, Framework: split.Pytest, SolutionFile: "solution.py", Files: map[string]string{
				"test_it.py": "from solution import f\nfrom helpers import WANT\nfrom pathlib import Path\ndef test_f():\n  assert f(1) == WANT\n  assert '" + secret + "' in Path('data.json').read_text()\n",
				"helpers.py": "WANT = []  # " + secret + "\n", "data.json": `["` + secret + `"]`}}, pythonThief},
			{"node", &split.Tests{Kind: split.Unit, Framework: split.NodeAssert, SolutionFile: "solution.js", Files: map[string]string{
				"test.js":   "const assert = require('assert');\nconst { f } = require('./solution');\nassert.deepStrictEqual(f(), []);\nassert.deepStrictEqual(require('./data.json'), JSON.parse(require('fs').readFileSync(__dirname + '/data.json', 'utf8')));\n",
				"data.json": `["` + secret + `"]`}}, jsThief},
			{"modules", &split.Tests{Kind: split.Unit, Framework: split.NodeTest, SolutionFile: "solution.mjs", Files: map[string]string{
				"it.test.mjs": "import assert from 'node:assert';\nimport test from 'node:test';\nimport { f } from './solution.mjs';\nimport { want } from './helper.mjs';\nimport other from './other.cjs';\ntest('f', async () => {\n  assert.deepStrictEqual(f(), want);\n  assert.strictEqual((await import('./helper.mjs')).secret, other.secret);\n  assert.ok(import.meta.url.endsWith('it.test.mjs'));\n});\n",
				"helper.mjs":  "export const want = [];\nexport const secret = '" + secret + "';\n", "other.cjs": "module.exports.secret = '" + secret + "';\n"}}, jsThief},
			{"go", &split.Tests{Kind: split.Unit, Framework: split.GoTest, SolutionFile: "s.go", Files: map[string]string{
				"a_test.go": "package cand\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) {\n\tif got := F(); got != \"\" {\n\t\tt.Fatal(got, \"" + secret + "\")\n\t}\n}\n"}}, goThief},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				c.tests.Limits = sandbox.Limits{Time: 10 * time.Second}
				lang := map[string]string{"node": "javascript", "modules": "javascript", "go": "go"}[c.name]
				if lang == "" {
					lang = "python"
				}
				code := replaced(c.code, dir)
				report, err := split.Run(t.Context(), j, c.tests, sandbox.Program{Language: language(lang), Source: code})
				require.NoError(t, err)
				require.NotEmpty(t, report.Tests)
				require.Equal(t, len(report.Tests), report.Passed(), "%s", fmt.Sprint(details(report), string(report.Build.Log), string(report.Stderr)))
			})
		}
	}
}

func parent(dir string) string { return filepath.Dir(dir) }

// passable lets other users pass through a folder.
func passable(dir string) error { return os.Chmod(dir, 0o711) }

func replaced(code, dir string) string { return strings.ReplaceAll(code, "FOLDER", dir) }
