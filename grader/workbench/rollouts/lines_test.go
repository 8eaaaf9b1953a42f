package rollouts_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
)

func TestLinesOfSeveralRollouts(t *testing.T) {
	a, b, c, d := rollout("a"), rollout("b"), rollout("c"), rollout("d")
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a batch on each line", "[" + a + "," + b + "]\n[" + c + "]\n", []string{"line 1, rollout 1 a", "line 1, rollout 2 b", "line 2, rollout 1 c"}},
		{"a batch behind a rollout", a + "\n\n[" + b + ", " + c + "]\n" + d, []string{"line 1 a", "line 3, rollout 1 b", "line 3, rollout 2 c", "line 4 d"}},
		{"envelopes", `{"trajectories":[` + a + `]}` + "\n" + `{"step":2,"trajectories":[` + b + "," + c + `],"x":1}` + "\n",
			[]string{"line 1, rollout 1 a", "line 2, rollout 1 b", "line 2, rollout 2 c"}},
		{"an envelope behind a rollout", a + "\n" + `{"step":{"messages":[]},"traject\u006fries" : [` + b + `]}`, []string{"line 1 a", "line 2, rollout 1 b"}},
		{"an empty batch", "[]\n" + a + "\n[ ]\n" + b, []string{"line 2 a", "line 4 b"}},
		{"empty batches on one line", a + "\n[][] []" + b + "\n" + c, []string{"line 1 a", "line 2, rollout 1 b", "line 3 c"}},
		{"two rollouts on the first line", a + b + "\n" + c, []string{"line 1, rollout 1 a", "line 1, rollout 2 b", "line 2 c"}},
		{"two rollouts on a line", a + "\n" + b + "  " + c + "\n" + d, []string{"line 1 a", "line 2, rollout 1 b", "line 2, rollout 2 c", "line 3 d"}},
		{"all rollouts on one line", a + b + " " + c, []string{"line 1, rollout 1 a", "line 1, rollout 2 b", "line 1, rollout 3 c"}},
		{"all batches on one line", "[" + a + "] [" + b + "]", []string{"line 1, rollout 1 a", "line 1, rollout 2 b"}},
		{"rollouts and batches on one line", a + "[" + b + "]" + `{"trajectories":[` + c + "]}" + d,
			[]string{"line 1, rollout 1 a", "line 1, rollout 2 b", "line 1, rollout 3 c", "line 1, rollout 4 d"}},
		{"a rollout on a line that has trajectories, too", strings.TrimSuffix(a, "}") + `,"trajectories":[1,2,3]}` + "\n" + b, []string{"line 1 a", "line 2 b"}},
		{"batches on several lines each", "[\n" + laidOut("a") + "\n]\n{\"trajectories\":\n[" + b + "]}\n" + laidOut("c"), []string{"rollout 1 a", "rollout 2 b", "rollout 3 c"}},

		{"damage in a batch", "[" + a + `,{"id":"x","messages":oops},` + b + "]\n" + c, []string{"line 1, rollout 1 a", "line 1, rollout 2 x!", "line 1, rollout 3 b", "line 2 c"}},
		{"a batch cut short", "[" + a + "," + b[:60] + "\n[" + c + "]", []string{"line 1, rollout 1 a", "line 1, rollout 2 !", "line 2, rollout 1 c"}},
		{"a first batch cut behind a bracket", "[" + a + ",{\n[" + c + "]\n", []string{"line 1, rollout 1 a", "line 1, rollout 2 !", "line 2, rollout 1 c"}},
		{"a first envelope cut short", `{"trajectories":[` + a + "\n" + b, []string{"line 1, rollout 1 !", "line 2 b"}},
		{"an array that breaks the line in a text", "[" + strings.Replace(a, "2+2", "2\n+2", 1) + "," + b + "]", []string{"rollout 1 a!", "rollout 2 b"}},
		{"an envelope cut short", a + "\n" + `{"trajectories":[` + b + "," + c[:60] + "\n" + d, []string{"line 1 a", "line 2, rollout 1 b", "line 2, rollout 2 !", "line 3 d"}},
		{"a word behind a batch", "[" + a + "] oops\n" + b, []string{"line 1, rollout 1 a", "line 1, rollout 2 !", "line 2 b"}},
		{"a word behind two rollouts", a + b + "oops\n" + c, []string{"line 1, rollout 1 a", "line 1, rollout 2 b", "line 1, rollout 3 !", "line 2 c"}},
		{"the second rollout of a line cut short", a + b[:60] + "\n" + c, []string{"line 1, rollout 1 a", "line 1, rollout 2 b!", "line 2 c"}},
		{"only a bracket", a + "\n[\n" + b, []string{"line 1 a", "line 2, rollout 1 !", "line 3 b"}},
		{"a comma too many", a + "\n[" + b + ",]\n" + c, []string{"line 1 a", "line 2, rollout 1 b", "line 2, rollout 2 !", "line 3 c"}},
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

// The form of a file of lines is not known while its first line is read, if
// that is longer than any decision may look ahead.
func TestLongFirstLine(t *testing.T) {
	a, b := rollout("a"), rollout("b")
	long := strings.Replace(rollout("long"), "2+2", strings.Repeat("word ", 300<<10), 1)
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"a batch", "\n[" + long + "," + a + "]\n[" + b + "]\noops", []string{"line 2, rollout 1 long", "line 2, rollout 2 a", "line 3, rollout 1 b", "line 4 !"}},
		{"an envelope", `{"trajectories":[` + long + "]}\r\n" + b, []string{"line 1, rollout 1 long", "line 2 b"}},
		{"a word behind a batch", "[" + long + "]\noops\n" + b, []string{"line 1, rollout 1 long", "line 2 !", "line 3 b"}},
		{"a rollout", long + "\r" + b, []string{"line 1 long", "line 2 b"}},
		{"an array", "[" + long + "," + b + "]", []string{"line 1, rollout 1 long", "line 1, rollout 2 b"}},
		{"an array on several lines", "[\n" + long + "," + b + "]", []string{"rollout 1 long", "rollout 2 b"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(strings.NewReader(tc.text))
			require.NoError(t, err)
			require.Equal(t, tc.want, rows)
		})
	}
}

func TestLineEnds(t *testing.T) {
	a, b, c := rollout("a"), rollout("b"), rollout("c")
	want := []string{"line 1 a", "line 2 b", "line 3 c"}
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"CR", a + "\r" + b + "\r" + c + "\r", want},
		{"CR without the last", a + "\r" + b + "\r" + c, want},
		{"CR with blank lines", "\r" + a + "\r\r" + b, []string{"line 2 a", "line 4 b"}},
		{"CR before damage", "oops\r" + b + "\r" + c, []string{"line 1 !", "line 2 b", "line 3 c"}},
		{"CR behind damage", a[:60] + "\r" + b + "\r" + c, []string{"line 1 a!", "line 2 b", "line 3 c"}},
		{"CR behind batches", "[" + a + "]\r[" + b + "," + c + "]\r", []string{"line 1, rollout 1 a", "line 2, rollout 1 b", "line 2, rollout 2 c"}},
		{"CR in a rollout on several lines", strings.ReplaceAll(laidOut("a"), "\n", "\r"), []string{"rollout 1 a"}},
		{"CR in rollouts on several lines", strings.ReplaceAll(laidOut("a")+"\n"+laidOut("b"), "\n", "\r"), []string{"rollout 1 a", "rollout 2 b"}},
		{"a lone CR in a line", strings.Replace(a, ",", ",\r", 1) + "\n" + b + "\n" + c, want},
		{"CR CR LF", a + "\r\r\n" + b + "\r\r\n" + c, want},
		{"CR, then LF", a + "\r" + b + "\n" + c, []string{"line 1 a", "line 2, rollout 1 b", "line 2, rollout 2 c"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(iotest.OneByteReader(strings.NewReader(tc.text)))
			require.NoError(t, err)
			require.Equal(t, tc.want, rows)
		})
	}
}

// faultOf returns the error of the last row.
func faultOf(t *testing.T, text string) error {
	t.Helper()
	var fault error
	r := rollouts.NewReader(strings.NewReader(text))
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return fault
		}
		require.NoError(t, err)
		fault = row.Err
	}
}

func TestFaultsNameTheRemedy(t *testing.T) {
	a := rollout("a")
	for _, tc := range []struct{ name, text, want string }{
		{"trajectories that are null", `{"trajectories": null}`, `"trajectories" is null, not an array: want {"trajectories": [...]}, an array of rollouts, or one rollout`},
		{"trajectories that are no array, on a line", a + "\n" + `{"step":1,"trajectories": {"messages": []}}`, `not an array`},
		{"an object without messages", `{"hello": "world"}`, "the rollout has no messages"},
		{"a trailing comma", "[" + a + ",]", "nothing stands behind the last comma of the array: remove the trailing comma"},
		{"a trailing comma on several lines", "[\n" + a + ",\n]\n", "remove the trailing comma"},
		{"two commas", "[" + a + ",,7]", "want a rollout object"},
		{"two commas, and then the end", "[" + a + ",,]", "remove the trailing comma"},
		{"a comma first", "[,]", "remove the trailing comma"},
		{"a batch cut short", a + "\n[" + a + "," + a[:60], "the JSON ends too early, and the rest of the line cannot be read"},
		{"brackets that do not match", a + "\n[" + a + "}", "the brackets do not match, and the rest of the line cannot be read"},
		{"a rollout cut short behind another", a + "\n" + a + a[:60], "not valid JSON: the JSON ends too early"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := faultOf(t, tc.text)
			require.ErrorContains(t, err, tc.want)
			require.Equal(t, grader.FaultData, grader.FaultOf(err))
		})
	}
	row, err := rollouts.NewReader(strings.NewReader("[," + a + "]")).Read()
	require.NoError(t, err)
	require.ErrorContains(t, row.Err, "nothing stands before a comma of the array: remove one comma")
}

func TestBytesOfRowsAddUp(t *testing.T) {
	a, b := rollout("a"), rollout("b")
	r := rollouts.NewReader(strings.NewReader("[" + a + "," + b + "]\n" + a + b + "\n" + a))
	total := 0
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		require.Equal(t, len(a), row.Bytes)
		total++
	}
	require.Equal(t, 5, total)
}

// A line of nothing but empty batches takes no more room than any other.
func TestManyEmptyBatches(t *testing.T) {
	a := rollout("a")
	rows, err := readAll(strings.NewReader(a + "\n" + strings.Repeat("[]", 4<<20) + "\n" + a))
	require.NoError(t, err)
	require.Equal(t, []string{"line 1 a", "line 3 a"}, rows)
}
