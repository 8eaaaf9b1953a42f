package split_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/split"
)

// TestForgery has candidates that speak on the descriptors themselves. None of
// them harms the machine.
func TestForgery(t *testing.T) {
	const lines = "import os, json, sys, gc, time\ndef say(text):\n  for fd in range(3, 20):\n    try: os.write(fd, text)\n    except OSError: pass\n"
	for _, c := range []struct{ name, code, want string }{
		{"replies in advance", lines + "for i in range(1, 30): say(json.dumps({'id': i, 'nonce': '', 'value': 2}).encode() + b'\\n')\ndef f(x): return 0", ""},
		{"the tester's words", lines + "def f(x):\n  say(b'{\"end\":\"assert 1\",\"outcome\":\"passed\",\"nonce\":\"\"}\\n{\"done\":true}\\n')\n  return 0", ""},
		{"a reply with the nonce", lines + "def f(x):\n  fr = sys._getframe()\n  while fr:\n    m = fr.f_locals.get('m')\n    if isinstance(m, dict) and 'nonce' in m: say(json.dumps({'id': m['id'], 'nonce': m['nonce'], 'value': 77}).encode() + b'\\n')\n    fr = fr.f_back\n  return 2", ""},
		{"two replies to one", lines + "def f(x):\n  fr = sys._getframe()\n  while fr:\n    m = fr.f_locals.get('m')\n    if isinstance(m, dict) and 'nonce' in m:\n      for i in range(3): say(json.dumps({'id': m['id'] + i, 'nonce': m['nonce'], 'value': 0}).encode() + b'\\n')\n    fr = fr.f_back\n  return 0", ""},
		{"a flood", lines + "def f(x):\n  while True: say(b'x' * 65536)", "output"},
		{"no answer", lines + "def f(x):\n  while True: time.sleep(1)", "time"},
		{"an object that is not there", lines + "def f(x):\n  fr = sys._getframe()\n  while fr:\n    m = fr.f_locals.get('m')\n    if isinstance(m, dict) and 'nonce' in m: say(json.dumps({'id': m['id'], 'nonce': m['nonce'], 'value': {'$o': 'X', 'h': 99}}).encode() + b'\\n'); time.sleep(9)\n    fr = fr.f_back", ""},
		{"a tag that is none", lines + "def f(x):\n  fr = sys._getframe()\n  while fr:\n    m = fr.f_locals.get('m')\n    if isinstance(m, dict) and 'nonce' in m: say(json.dumps({'id': m['id'], 'nonce': m['nonce'], 'value': {'$d': [1]}}).encode() + b'\\n'); time.sleep(9)\n    fr = fr.f_back", ""},
		{"brackets", lines + "def f(x):\n  fr = sys._getframe()\n  while fr:\n    m = fr.f_locals.get('m')\n    if isinstance(m, dict) and 'nonce' in m: say(b'{\"id\":%d,\"nonce\":\"%s\",\"value\":%s%s}\\n' % (m['id'], m['nonce'].encode(), b'['*5000, b']'*5000)); time.sleep(9)\n    fr = fr.f_back", ""},
		{"digits", "import sys\ndef f(x):\n  sys.set_int_max_str_digits(0)\n  return 10 ** 400000", ""},
		{"depth", "def f(x):\n  v = []\n  for _ in range(100000): v = [v]\n  return v", ""},
		{"length", "def f(x): return 'x' * 10**8", ""},
		{"a circle", "def f(x):\n  v = []\n  v.append(v)\n  return v", ""},
		{"an argument that grows", "def f(x):\n  raise type('AssertionError', (AssertionError,), {'__str__': lambda s: 1/0})()", ""},
		{"an error of all kinds", "class E(ValueError, TypeError, KeyError, SystemError): pass\ndef f(x): raise E", ""},
		{"names that are not", "globals().update({'a b': 1, '__class__': 2, 'x' * 10000: 3, 'assert': 4})\nfor i in range(30000): globals()['n%d' % i] = i\ndef f(x): return x + 1", ""},
		{"the driver's writer", "import sys\nd = sys.modules.get('python') or sys.modules['__main__']\nfor m in list(sys.modules.values()):\n  if hasattr(m, 'Writer'):\n    m.Writer.write = lambda self, v: '2'\ndef f(x): return 0", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			report, err := split.Run(t.Context(), opener(t), &split.Tests{Kind: split.Asserts, Entry: "f", Asserts: []string{"assert f(1) == 2", "assert f(2) == 3", "assert f([3]) == [4]"},
				Limits: sandbox.Limits{Time: 300 * time.Millisecond}}, sandbox.Program{Language: language("python"), Source: c.code})
			require.NoError(t, err)
			require.Less(t, time.Since(start), time.Minute)
			if c.name == "names that are not" {
				require.Equal(t, "pass pass", strings.Join(strings.Fields(outcomes(report))[:2], " "), details(report))
				return
			}
			if c.name == "the driver's writer" {
				// It may guess a value; it cannot know which one.
				require.LessOrEqual(t, report.Passed(), 1)
				return
			}
			require.Len(t, report.Tests, 3)
			for i, word := range strings.Fields(outcomes(report)) {
				require.NotEqual(t, "pass", word, details(report))
				if c.want != "" {
					require.Equal(t, c.want, word, "test %d: %s", i, details(report))
				}
			}
		})
	}
}

// TestAttacks runs the shared attacks. They are real: only inside a cage, which
// says so by its environment.
func TestAttacks(t *testing.T) {
	if os.Getenv("RFT_CAGE") == "" {
		t.Skip("attacks are run in a cage only: set RFT_CAGE inside of one")
	}
	for _, i := range shared(t, "attacks.jsonl") {
		t.Run(i.ID, func(t *testing.T) {
			tests := i.tests()
			program := sandbox.Program{Language: language(i.Language), Source: i.Code}
			report, err := split.Run(t.Context(), opener(t), tests, program)
			require.NoError(t, err)
			require.False(t, len(report.Tests) > 0 && report.Passed() == len(report.Tests), details(report))
			t.Log(outcomes(report), report.Trusted, report.Unsplittable)
		})
	}
}
