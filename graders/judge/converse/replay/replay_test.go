package replay_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/converse/replay"
)

func question(text, fence string) *converse.Request {
	return &converse.Request{
		Model: "amazon.nova-lite-v1:0", System: []string{"Judge."}, Fence: fence, MaxTokens: 300,
		Messages: []converse.Message{{Role: converse.User, Text: "<candidate-" + fence + ">\n" + text + "\n</candidate-" + fence + ">"}},
	}
}

func answering(a *converse.Answer, err error) converse.Caller {
	return converse.CallerFunc(func(context.Context, *converse.Request) (*converse.Answer, error) { return a, err })
}

// record asks once with a recorder in between.
func record(t *testing.T, dir string, q *converse.Request, a *converse.Answer, err error) {
	t.Helper()
	r, made := replay.NewRecorder(dir)
	require.NoError(t, made)
	got, said := r.Wrap(answering(a, err)).Converse(t.Context(), q)
	require.Equal(t, a, got, "the judge gets what was said")
	require.Equal(t, err, said)
}

func play(t *testing.T, dir string, q *converse.Request) (*converse.Answer, error) {
	t.Helper()
	p, err := replay.NewPlayer(dir)
	require.NoError(t, err)
	return p.Wrap(nil).Converse(t.Context(), q)
}

func TestAnswersComeBackAsTheyWere(t *testing.T) {
	answer := &converse.Answer{
		Text: []string{"Reasons.", "Score: 7"}, Reasoning: true, Stop: converse.StopToolUse, Form: converse.FormTool,
		Tools: []converse.ToolUse{{Name: "submit_verdict", Input: json.RawMessage(`{"score":7.00,"big":1e40}`)}},
		Usage: converse.Usage{Input: 100, Output: 20, CacheRead: 7}, Latency: 1200 * time.Millisecond, Attempts: 3,
	}
	dir := filepath.Join(t.TempDir(), "new", "folder")
	record(t, dir, question("4", "7f3a0011"), answer, nil)

	got, err := play(t, dir, question("4", "99aa00ff"))
	require.NoError(t, err, "the fence is another one, the question the same")
	require.JSONEq(t, string(answer.Tools[0].Input), string(got.Tools[0].Input))
	require.Contains(t, string(got.Tools[0].Input), "7.00", "digits stay")
	got.Tools, answer.Tools = nil, nil
	require.Equal(t, answer, got)

	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
	b, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	require.NoError(t, err)
	require.Contains(t, string(b), "\n  \"request\": {\n    \"model\": \"amazon.nova-lite-v1:0\",")
	var rec struct{ Request *converse.Request }
	require.NoError(t, json.Unmarshal(b, &rec))
	require.Equal(t, question("4", "7f3a0011"), rec.Request)
	require.Equal(t, rec.Request.Key()+".json", files[0].Name())
}

func TestWhatIsRecordedOfErrors(t *testing.T) {
	for _, class := range converse.Classes() {
		t.Run(string(class), func(t *testing.T) {
			dir := t.TempDir()
			said := &converse.Error{Class: class, Status: 400, Code: "Code", Message: "said", Usage: converse.Usage{Input: 5}, Attempts: 2, Remedy: "help"}
			record(t, dir, question("4", "aaaa"), nil, said)
			_, err := play(t, dir, question("4", "bbbb"))
			switch class {
			case converse.Capability, converse.TooLong, converse.Truncated, converse.Refused, converse.Filtered, converse.Malformed:
				require.Equal(t, said, err)
			default:
				require.ErrorContains(t, err, "record it with --record "+dir)
				require.Equal(t, grader.FaultPermanent, grader.FaultOf(converse.AsFault(err)))
			}
		})
	}
}

func TestAnotherQuestionHasNoRecording(t *testing.T) {
	dir := t.TempDir()
	record(t, dir, question("4", "aaaa"), &converse.Answer{Text: []string{"7"}}, nil)
	_, err := play(t, dir, question("5", "aaaa"))
	require.ErrorContains(t, err, "no recording of this question in "+dir)
	require.NotContains(t, err.Error(), "candidate")
}

func TestThePaidCallIsRecorded(t *testing.T) {
	dir := t.TempDir()
	r, err := replay.NewRecorder(dir)
	require.NoError(t, err)
	shared := &converse.Answer{Text: []string{"7"}, Shared: true}
	paid := &converse.Answer{Text: []string{"7"}, Usage: converse.Usage{Input: 9}, Attempts: 1}
	var wg sync.WaitGroup
	for _, a := range []*converse.Answer{shared, paid, shared, shared} {
		wg.Go(func() {
			_, err := r.Wrap(answering(a, nil)).Converse(t.Context(), question("4", "aaaa"))
			require.NoError(t, err)
		})
	}
	wg.Wait()
	got, err := play(t, dir, question("4", "bbbb"))
	require.NoError(t, err)
	require.Equal(t, paid, got)
}

func TestDamagedRecordings(t *testing.T) {
	q := question("4", "aaaa")
	for name, text := range map[string]string{
		"no JSON":          "{",
		"of another":       `{"key":"x","answer":{}}`,
		"without anything": `{"key":"` + q.Key() + `"}`,
		"with both":        `{"key":"` + q.Key() + `","answer":{},"error":{"class":"refused"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, q.Key()+".json"), []byte(text), 0o666))
			_, err := play(t, dir, q)
			require.ErrorContains(t, err, "is no recording of this question: remove it")
		})
	}
}

func TestFoldersThatCannotBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o666))
	_, err := replay.NewPlayer(filepath.Join(t.TempDir(), "none"))
	require.ErrorContains(t, err, "make them with --record")
	_, err = replay.NewPlayer(file)
	require.ErrorContains(t, err, "is no folder")
	_, err = replay.NewRecorder(file)
	require.Error(t, err)
}

func TestReplayEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p, err := replay.NewPlayer(t.TempDir())
	require.NoError(t, err)
	_, err = p.Converse(ctx, question("4", "aaaa"))
	require.Equal(t, converse.Deadline, converse.ClassOf(err))
}
