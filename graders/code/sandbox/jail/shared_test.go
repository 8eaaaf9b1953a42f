//go:build linux && (amd64 || arm64)

package jail_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
	"github.com/rftgrader/rftgrader/graders/code/sandbox/jail"
)

// An honestCase is one line of the shared honest programs.
type honestCase struct {
	ID, Language, Code, Expected string
	Tests                        struct {
		Kind, Entry, Compare string
		Tol                  float64
		Limits               struct {
			Time   float64 `json:"time_s"`
			Memory int64   `json:"memory_mb"`
			Output int64   `json:"output_kb"`
		}
		Cases []struct {
			In   string
			Args json.RawMessage
			Out  json.RawMessage
		}
	}
}

// honest reads the shared programs, or skips the test where they are not.
func honest(t *testing.T) []honestCase {
	t.Helper()
	shared := os.Getenv("RFT_SHARED")
	if shared == "" {
		shared = "../../../../../shared"
	}
	f, err := os.Open(filepath.Join(shared, "cases/code/honest.jsonl"))
	if err != nil {
		t.Skipf("the shared programs are not here: %v", err)
	}
	defer f.Close()
	var cases []honestCase
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var c honestCase
		require.NoError(t, json.Unmarshal(lines.Bytes(), &c))
		if c.Tests.Kind == "stdio" || c.Tests.Kind == "function" {
			cases = append(cases, c)
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, cases)
	return cases
}

func TestHonestPrograms(t *testing.T) {
	cases := honest(t)
	j := open(t, jail.Options{})
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			p := sandbox.Program{Language: language(t, j, c.Language), Source: c.Code, Entry: c.Tests.Entry, Limits: sandbox.Limits{
				Time: time.Duration(c.Tests.Limits.Time * float64(time.Second)), Memory: c.Tests.Limits.Memory << 20, Output: c.Tests.Limits.Output << 10,
			}}
			var inputs []sandbox.Input
			for i, test := range c.Tests.Cases {
				inputs = append(inputs, sandbox.Input{Stdin: []byte(test.In), Call: []byte(`{"id":` + strconv.Itoa(i+1) + `,"nonce":"n","op":"call","args":` + string(test.Args) + `}`)})
			}
			build, outs := run(t, j, p, inputs...)
			passed := build.Failure == ""
			var why []string
			for i, out := range outs {
				ok := out.Failure == "" && c.right(t, i, out)
				if !ok {
					why = append(why, strconv.Itoa(i)+": "+string(out.Failure)+" "+string(out.Stderr))
				}
				passed = passed && ok
			}
			require.Equal(t, c.Expected == "pass", passed, "%s %s %s", build.Failure, build.Log, strings.Join(why, "\n"))
		})
	}
}

// right compares simply: by tokens and numbers, or as JSON.
func (c honestCase) right(t *testing.T, i int, out sandbox.Output) bool {
	want := c.Tests.Cases[i].Out
	if c.Tests.Kind == "function" {
		var reply struct{ Value any }
		var expected any
		require.NoError(t, exactly(want, &expected))
		return exactly(out.Value, &reply) == nil && same(reply.Value, expected, c.Tests.Tol)
	}
	var text string
	require.NoError(t, json.Unmarshal(want, &text))
	got, expected := strings.Fields(string(out.Stdout)), strings.Fields(text)
	if len(got) != len(expected) {
		return false
	}
	for i := range got {
		if got[i] == expected[i] {
			continue
		}
		a, aerr := strconv.ParseFloat(got[i], 64)
		b, berr := strconv.ParseFloat(expected[i], 64)
		if c.Tests.Compare != "float" || aerr != nil || berr != nil || !near(a, b, c.Tests.Tol) {
			return false
		}
	}
	return true
}

// exactly keeps whole numbers of any size.
func exactly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

func near(a, b, tol float64) bool { return a-b <= tol*max(1, b, -b) && b-a <= tol*max(1, b, -b) }

func same(got, want any, tol float64) bool {
	if m, ok := got.(map[string]any); ok {
		if tuple, ok := m["$t"]; ok {
			got = tuple
		}
	}
	x, isX := got.(json.Number)
	y, isY := want.(json.Number)
	if isX && isY {
		a, _ := x.Float64()
		b, _ := y.Float64()
		return x == y || tol > 0 && near(a, b, tol) || strings.ContainsAny(string(x+y), ".e") && a == b
	}
	list, isA := got.([]any)
	other, isB := want.([]any)
	if !isA || !isB {
		return reflect.DeepEqual(got, want)
	}
	if len(list) != len(other) {
		return false
	}
	for i := range list {
		if !same(list[i], other[i], tol) {
			return false
		}
	}
	return true
}
