package rollouts_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
)

// rollout is the JSON of a rollout on one line.
func rollout(id string) string {
	return fmt.Sprintf(`{"id":%q,"messages":[{"role":"user","content":"2+2"},{"role":"assistant","content":"%s: {[\"4\"]}"}],"reference_answer":4}`, id, id)
}

// laidOut is the same on several lines.
func laidOut(id string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(rollout(id)), "", "  "); err != nil {
		panic(err)
	}
	return b.String()
}

// readAll returns each row as "place id" or "place id!" for a damaged one.
func readAll(r io.Reader) (rows []string, err error) {
	reader := rollouts.NewReader(r)
	for n := 1; ; n++ {
		row, err := reader.Read()
		if err != nil {
			if _, again := reader.Read(); !errors.Is(again, err) {
				return rows, fmt.Errorf("the error %w does not stay: %w", err, again)
			}
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return rows, err
		}
		if row.Number != n {
			return rows, fmt.Errorf("row %d has the number %d", n, row.Number)
		}
		s := row.Place() + " " + row.Rollout.ID
		if row.Err != nil {
			s += "!"
		}
		rows = append(rows, s)
	}
}

func TestForms(t *testing.T) {
	a, b, c := rollout("a"), rollout("b"), rollout("c")
	inLines := []string{"line 1 a", "line 2 b", "line 3 c"}
	inOrder := []string{"rollout 1 a", "rollout 2 b", "rollout 3 c"}
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"blank", " \n\r\n\t", nil},
		{"only a byte order mark", "\ufeff", nil},
		{"lines", a + "\n" + b + "\n" + c + "\n", inLines},
		{"no last line end", a + "\n" + b + "\n" + c, inLines},
		{"CRLF", a + "\r\n" + b + "\r\n" + c + "\r\n", inLines},
		{"blank lines count as lines", "\n\n" + a + "\n \n" + b + "\n\n", []string{"line 3 a", "line 5 b"}},
		{"byte order mark", "\ufeff" + a + "\n" + b, inLines[:2]},
		{"byte order mark before a blank line", "\ufeff\r\n" + a + "\n" + b, []string{"line 2 a", "line 3 b"}},
		{"space around the lines", "  " + a + " \n\t" + b + "\t", inLines[:2]},
		{"array", "[" + a + "," + b + "," + c + "]", inOrder},
		{"array on several lines", "[\n  " + laidOut("a") + ",\n" + b + " ,\n\n" + c + "\n]\n", inOrder},
		{"array with a byte order mark", "\ufeff[" + a + "]", inOrder[:1]},
		{"empty array", " [ ] \n", nil},
		{"array of one line with blank lines behind", "[" + a + "]\n\n", inOrder[:1]},
		{"envelope", `{"trajectories":[` + a + "," + b + "]}", inOrder[:2]},
		{"envelope with other members", `{"step": 3, "x": {"messages": [1]}, "trajectories" : [` + a + "," + b + `], "y": "]}"}` + "\n", inOrder[:2]},
		{"envelope on several lines", "{\n \"trajectories\": [\n" + a + ",\n" + b + "\n]\n}\n", inOrder[:2]},
		{"envelope with an escaped name", `{"traject\u006fries":[` + a + "]}", inOrder[:1]},
		{"empty envelope", `{"trajectories": []}`, nil},
		{"one rollout", a, inOrder[:1]},
		{"one rollout with a line end", a + "\n", inOrder[:1]},
		{"one rollout on several lines", laidOut("a") + "\n", inOrder[:1]},
		{"a rollout with a member of the envelope's name", strings.TrimSuffix(a, "}") + `,"trajectories":[1,2,3]}`, inOrder[:1]},
		{"rollouts on several lines each", laidOut("a") + "\n" + laidOut("b") + "\n\n" + laidOut("c"), inOrder},
		{"more fields", strings.TrimSuffix(a, "}") + `,"step":7,"tools":[]}` + "\n" + b, inLines[:2]},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(strings.NewReader(tc.text))
			require.NoError(t, err)
			require.Equal(t, tc.want, rows)
			byteByByte, err := readAll(iotest.OneByteReader(strings.NewReader(tc.text)))
			require.NoError(t, err)
			require.Equal(t, tc.want, byteByByte)
		})
	}
}

func TestDamage(t *testing.T) {
	a, b, c := rollout("a"), rollout("b"), rollout("c")
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a word between the lines", a + "\noops\n" + b, []string{"line 1 a", "line 2 !", "line 3 b"}},
		{"a word first", "oops\n" + a + "\n" + b, []string{"line 1 !", "line 2 a", "line 3 b"}},
		{"a number first", "17\n" + a, []string{"line 1 !", "line 2 a"}},
		{"a list first", "[1,2]\n" + a + "\n" + b, []string{"line 1, rollout 1 !", "line 1, rollout 2 !", "line 2 a", "line 3 b"}},
		{"the first line cut in text", a[:60] + "\n" + b + "\n" + c, []string{"line 1 a!", "line 2 b", "line 3 c"}},
		{"the first line cut behind a bracket", a[:22] + "\n" + b + "\n" + c, []string{"line 1 a!", "line 2 b", "line 3 c"}},
		{"a first line of one brace", "{\n" + a + "\n" + b, []string{"line 1 !", "line 2 a", "line 3 b"}},
		{"the last line cut", a + "\n" + b[:60], []string{"line 1 a", "line 2 b!"}},
		{"one line, cut", a[:60], []string{"line 1 a!"}},
		{"all lines cut", a[:60] + "\n" + b[:60] + "\n", []string{"line 1 a!", "line 2 b!"}},
		{"a comma behind each line", a + ",\n" + b + ",\n", []string{"line 1 a!", "line 2 b!"}},
		{"NUL bytes at the end", a + "\n" + strings.Repeat("\x00", 64), []string{"line 1 a", "line 2 !"}},
		{"broken grammar in an array", "[" + a + `,{"id":"x","messages":oops},` + b + "]", []string{"rollout 1 a", "rollout 2 x!", "rollout 3 b"}},
		{"a number in an array", "[" + a + ",17," + b + "]", []string{"rollout 1 a", "rollout 2 !", "rollout 3 b"}},
		{"a comma too many", "[" + a + ",]", []string{"rollout 1 a", "rollout 2 !"}},
		{"broken grammar in an envelope", `{"trajectories":[` + a + `,{"id" 1}]}`, []string{"rollout 1 a", "rollout 2 !"}},
		{"no rollout", `{"hello": "world"}`, []string{"rollout 1 !"}},
		{"an envelope without an array", `{"trajectories": 3}`, []string{"rollout 1 !"}},
		{"broken grammar in a rollout on several lines", strings.Replace(laidOut("a"), `"2+2"`, `oops`, 1), []string{"rollout 1 a!"}},
		{"text that breaks the line in a rollout on several lines", strings.Replace(laidOut("a"), `2+2`, "2\n+2", 1), []string{"rollout 1 a!"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(iotest.HalfReader(strings.NewReader(tc.text)))
			require.NoError(t, err)
			require.Equal(t, tc.want, rows)
		})
	}
}

func TestRowErrorIsDataFault(t *testing.T) {
	r := rollouts.NewReader(strings.NewReader("oops\n" + rollout("a")))
	row, err := r.Read()
	require.NoError(t, err)
	require.Equal(t, grader.FaultData, grader.FaultOf(row.Err))
	require.Equal(t, "null", string(row.ID))
	require.NotContains(t, row.Err.Error(), "oops", "errors reach logs and must not quote the file")
	require.Equal(t, 1, row.Line)
	require.Equal(t, 4, row.Bytes)
}

func TestFileIsGivenUp(t *testing.T) {
	a, b := rollout("a"), rollout("b")
	for _, tc := range []struct {
		name, text string
		rows       int
		offset     int64
		message    string
	}{
		{"array cut inside a rollout", "[" + a + "," + b[:60], 1, int64(len(a) + 62), "the JSON ends too early (byte 184, behind rollout 1)"},
		{"array cut behind a comma", "[" + a + ",", 1, int64(len(a) + 2), "the JSON ends too early"},
		{"array without an end", "[" + a + "\n", 0, int64(len(a) + 2), "the JSON ends too early"},
		{"array on lines without an end", "[\n" + a + ",\n" + b + "\n", 1, int64(len(a)+len(b)) + 5, "the JSON ends too early"},
		{"only a bracket", "[", 0, 1, "the JSON ends too early (byte 1, before the first rollout)"},
		{"brackets that do not match inside a rollout", "[" + a + `,{"id":["b"}},` + b + "]", 1, int64(len(a) + 12), "the brackets do not match"},
		{"brackets that do not match behind a rollout", "[" + a + "}", 1, int64(len(a) + 1), "the brackets do not match"},
		{"something behind an array", "[" + a + "] oops", 1, int64(len(a) + 3), "something follows the end"},
		{"something behind an envelope", `{"trajectories":[` + a + "]} oops", 1, int64(len(a) + 20), "something follows the end"},
		{"something behind arrays on several lines", "[\n" + a + "]\n[" + b + "]\noops", 2, int64(len(a)+len(b)) + 7, "something follows the end"},
		{"an array cut behind another one", "[\n" + a + "]\n[" + b + ",", 2, int64(len(a)+len(b)) + 6, "the JSON ends too early"},
		{"envelope cut behind its array", `{"trajectories":[` + a + "]", 1, int64(len(a) + 18), "the JSON ends too early"},
		{"envelope closed with the wrong bracket", `{"trajectories":[` + a + "], 3]", 1, int64(len(a) + 21), "the brackets do not match"},
		{"envelope that is a rollout too", `{"trajectories":[` + a + `],"messages":[]}`, 1, int64(len(a) + 19), "which holds the rollouts cannot be told"},
		{"envelope with two arrays", `{"trajectories":[` + a + `],"trajectories":[]}`, 1, int64(len(a) + 19), "which holds the rollouts cannot be told"},
		{"rollout on several lines, cut", laidOut("a")[:70], 0, 70, "the JSON ends too early"},
		{"rollout on several lines with something behind", laidOut("a") + "\noops", 1, int64(len(laidOut("a")) + 1), "something that is no rollout follows"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(iotest.OneByteReader(strings.NewReader(tc.text)))
			var damage *rollouts.DamageError
			require.ErrorAs(t, err, &damage)
			require.Len(t, rows, tc.rows)
			require.Equal(t, tc.rows, damage.Rows)
			require.Equal(t, tc.offset, damage.Offset)
			require.Contains(t, err.Error(), tc.message)
			require.Contains(t, err.Error(), "one rollout on each line", "the remedy")
		})
	}
}

func TestStreamFails(t *testing.T) {
	broken := errors.New("the cable is out")
	for name, text := range map[string]string{
		"at once":       "",
		"in a line":     rollout("a") + "\n" + rollout("b")[:40],
		"in an array":   "[" + rollout("a") + "," + rollout("b")[:40],
		"in a rollout":  rollout("a")[:40],
		"behind all":    rollout("a") + "\n",
		"behind array":  "[" + rollout("a") + "]",
		"in an envelop": `{"trajectories":[` + rollout("a") + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
			require.ErrorIs(t, err, broken, "what was read in part is no damage of the file")
		})
	}
	t.Run("gives nothing for ever", func(t *testing.T) {
		_, err := readAll(stuck{})
		require.ErrorIs(t, err, io.ErrNoProgress)
	})
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// blown is a rollout of more than MaxBytes, without holding it.
func blown(before, after string) io.Reader {
	return io.MultiReader(
		strings.NewReader(before+`{"id":"big","messages":[{"role":"assistant","content":"`),
		io.LimitReader(letters{}, rollouts.MaxBytes),
		strings.NewReader(`"}]}`+after))
}

type letters struct{}

func (letters) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestHugeRollouts(t *testing.T) {
	a, b := rollout("a"), rollout("b")
	t.Run("below the limit", func(t *testing.T) {
		text := strings.Repeat("word ", 4<<20)
		rows, err := readAll(strings.NewReader(rollout("a") + "\n" + strings.Replace(rollout("b"), "2+2", text, 1) + "\n" + rollout("c")))
		require.NoError(t, err)
		require.Equal(t, []string{"line 1 a", "line 2 b", "line 3 c"}, rows)
	})
	for _, tc := range []struct {
		name string
		r    io.Reader
		want []string
	}{
		{"a line", blown(a+"\n", "\n"+b), []string{"line 1 a", "line 2 !", "line 3 b"}},
		{"the first line", blown("", "\n"+b+"\n"), []string{"line 1 !", "line 2 b"}},
		{"an element", blown("[\n"+a+",", ","+b+"]"), []string{"rollout 1 a", "rollout 2 !", "rollout 3 b"}},
		{"a batch on a line", blown(a+"\n["+a+",", ","+b+"]\n"+b), []string{"line 1 a", "line 2 !", "line 3 b"}},
		{"a rollout on several lines", blown(laidOut("a")+"\n", "\n"+laidOut("b")), []string{"rollout 1 a", "rollout 2 !", "rollout 3 b"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(tc.r)
			require.NoError(t, err)
			require.Equal(t, tc.want, rows)
		})
	}
}

// many makes rollouts while they are read.
type many struct {
	left          int
	between, last string
	buf           []byte
	made          int
}

func (m *many) Read(b []byte) (int, error) {
	if len(m.buf) == 0 {
		if m.left == 0 {
			return 0, io.EOF
		}
		m.left--
		m.made++
		m.buf = append(m.buf, rollout(fmt.Sprint(m.left))...)
		if m.left > 0 {
			m.buf = append(m.buf, m.between...)
		} else {
			m.buf = append(m.buf, m.last...)
		}
	}
	n := copy(b, m.buf)
	m.buf = m.buf[:copy(m.buf, m.buf[n:])]
	return n, nil
}

func TestMemoryIsThatOfOneRollout(t *testing.T) {
	const rows = 100_000
	for name, tc := range map[string]struct {
		before string
		many   *many
	}{
		"lines":    {"", &many{left: rows, between: "\n"}},
		"batches":  {"[", &many{left: rows, between: "]\n[", last: "]"}},
		"one line": {"", &many{left: rows, between: "\r"}},
		"array":    {"[", &many{left: rows, between: ",", last: "]"}},
		"envelope": {`{"trajectories": [`, &many{left: rows, between: ",\n", last: "]}"}},
	} {
		t.Run(name, func(t *testing.T) {
			var before, now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r := rollouts.NewReader(io.MultiReader(strings.NewReader(tc.before), tc.many))
			n := 0
			for ; ; n++ {
				_, err := r.Read()
				if errors.Is(err, io.EOF) {
					break
				}
				require.NoError(t, err)
				if n == 0 {
					require.Less(t, tc.many.made, 20_000, "rollouts that were read before the first was given")
				}
				if n%20_000 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					require.Less(t, int64(now.HeapAlloc)-int64(before.HeapAlloc), int64(8<<20), "after %d rows", n)
				}
			}
			require.Equal(t, rows, n)
			runtime.KeepAlive(r)
		})
	}
}

func FuzzRead(f *testing.F) {
	a, b := rollout("a"), rollout("b")
	for _, s := range []string{
		"", a, a + "\n" + b, "[" + a + "," + b + "]", `{"trajectories":[` + a + "]}", "{\n" + a, "[]", "[1,]",
		`{"trajectories":[],"messages":[]}`, `{"messages":"a` + "\n" + `{\"messages\"}`, "\ufeff[\n]\n[", a[:60], laidOut("a") + laidOut("b"),
		`{"trajectories":[` + a + "}", "\xff\xfe", "{}{}", `{"a":[}`, "[1][2]\n[{}]{", "{}\r{}\r\n[]", `{"trajectories":null}`,
		`{"trajectories":[1]}{"trajectories":[2],` + "\n", "\x00\x01[{}]",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := readAll(bytes.NewReader(text))
		split, splitErr := readAll(iotest.OneByteReader(bytes.NewReader(text)))
		require.Equal(t, rows, split, "rows depend on how the stream is cut")
		require.Equal(t, err, splitErr)

		items, wantErr := grader.Decode(text)
		if wantErr != nil || !json.Valid(bytes.TrimPrefix(text, []byte("\ufeff"))) {
			return
		}
		if err != nil && strings.Contains(err.Error(), "which holds the rollouts cannot be told") {
			return // an object that is an envelope and a rollout at once
		}
		require.NoError(t, err)
		require.Len(t, rows, len(items))
	})
}
