package records_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/records"
)

func by(t testing.TB, what string, loose bool) records.By {
	t.Helper()
	b, err := records.ParseBy(what, loose)
	require.NoError(t, err)
	return b
}

func TestEqualRecords(t *testing.T) {
	const capital = `{"id":"1","messages":[{"role":"user","content":"Capital of France?"}],"reference_answer":"Paris"}`
	for _, c := range []struct {
		name, by, other string
		loose, equal    bool
	}{
		{"another id and reference", "prompt", `{"id":"2","reference_answer":"Lyon","messages":[{"content":"Capital of France?","role":"user"}]}`, false, true},
		{"content in parts", "prompt", `{"messages":[{"role":"user","content":[{"type":"text","text":"Capital of France?"}]}]}`, false, true},
		{"with an answer", "prompt", `{"messages":[{"role":"user","content":"Capital of France?"},{"role":"assistant","content":"Paris"}]}`, false, true},
		{"of SageMaker's open models", "prompt", `{"data_source":"x","prompt":[{"role":"user","content":"Capital of France?"}],"reward_model":{"ground_truth":"Paris","style":"rule"}}`, false, true},
		{"prompt as text", "prompt", `{"prompt":"Capital of France?"}`, false, true},
		{"another system prompt", "prompt", `{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Capital of France?"}]}`, false, false},
		{"letter case", "prompt", `{"messages":[{"role":"user","content":"capital of france?"}]}`, false, false},
		{"letter case, loosely", "prompt", `{"messages":[{"role":"user","content":" capital  of\nfrance?"}]}`, true, true},
		{"another word, loosely", "prompt", `{"messages":[{"role":"user","content":"capital off rance?"}]}`, true, false},
		{"order of members", "record", `{"reference_answer":"Paris","messages":[{"content":"Capital of France?", "role":"user"}],"id":9}`, false, true},
		{"another reference", "record", `{"messages":[{"content":"Capital of France?", "role":"user"}],"reference_answer":"paris"}`, false, false},
		{"a value", "/reference_answer", `{"reference_answer":"\u0050aris"}`, false, true},
		{"another value", "/reference_answer", `{"reference_answer":["Paris"]}`, false, false},
		{"a value in a list", "/messages/0/role", `{"messages":[{"role":"user"}]}`, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := by(t, c.by, c.loose)
			one, err := b.Key([]byte(capital))
			require.NoError(t, err)
			other, err := b.Key([]byte(c.other))
			require.NoError(t, err)
			require.Equal(t, c.equal, one == other)
		})
	}
}

func TestBigIntegersDiffer(t *testing.T) {
	b := by(t, "/n", false)
	one, err := b.Key([]byte(`{"n":9007199254740993}`))
	require.NoError(t, err)
	other, err := b.Key([]byte(`{"n":9007199254740992}`))
	require.NoError(t, err)
	require.NotEqual(t, one, other)
}

func TestRecordsThatCannotBeRead(t *testing.T) {
	for _, c := range []struct{ name, by, record, err string }{
		{"no JSON", "prompt", `{"messages":[`, "not valid JSON, byte 13"},
		{"text behind it", "record", `{"a":1} x`, "not valid JSON, byte 8"},
		{"a list", "record", `[1]`, "want a JSON object"},
		{"null", "record", `null`, "want a JSON object"},
		{"a member twice", "record", `{"a":1,"a":2}`, "a member occurs twice in its object, and which value is meant cannot be told"},
		{"no messages", "prompt", `{"id":"1"}`, "neither messages nor a prompt"},
		{"messages as text", "prompt", `{"messages":"hello"}`, "want a list of messages"},
		{"no message", "prompt", `{"messages":[]}`, "want a list of messages"},
		{"a message without an object", "prompt", `{"messages":["secret"]}`, "/messages/0"},
		{"no value", "/task", `{"id":"1"}`, "nothing at /task"},
		{"no such element", "/a/01", `{"a":[1,2]}`, "nothing at /a/01"},
		{"into a number", "/a/b", `{"a":1}`, "nothing at /a/b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := by(t, c.by, false).Key([]byte(c.record))
			require.ErrorContains(t, err, c.err)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestParseBy(t *testing.T) {
	for _, s := range []string{"", "prompts", "task", "/a~2"} {
		_, err := records.ParseBy(s, false)
		require.ErrorContains(t, err, "want prompt, record, or a JSON pointer", s)
	}
	_, err := records.ParseBy("record", true)
	require.ErrorContains(t, err, "only prompts")
}

// draw takes some of records with keys of their own, or of groups of a size.
func draw(seed uint64, n, size, most int) (*records.Choice, []int) {
	d := records.Draw{Seed: seed}
	for i := range n {
		d.Add(records.Place(i / size))
	}
	c := d.Take(most)
	var drawn []int
	for i := range n {
		if c.Has(records.Place(i / size)) {
			drawn = append(drawn, i)
		}
	}
	return c, drawn
}

func TestDraw(t *testing.T) {
	c, drawn := draw(1, 1000, 1, 100)
	require.Equal(t, 100, c.Records)
	require.Len(t, drawn, 100)
	_, again := draw(1, 1000, 1, 100)
	require.Equal(t, drawn, again)
	_, other := draw(2, 1000, 1, 100)
	require.NotEqual(t, drawn, other)

	t.Run("a record more changes little", func(t *testing.T) {
		_, more := draw(1, 1001, 1, 100)
		same := 0
		for _, i := range more {
			if slices.Contains(drawn, i) {
				same++
			}
		}
		require.GreaterOrEqual(t, same, 99)
	})
	t.Run("groups stay together", func(t *testing.T) {
		c, drawn := draw(1, 80, 8, 20)
		require.Equal(t, 16, c.Records)
		require.Len(t, drawn, 16)
		require.Equal(t, 8*(drawn[0]/8)+7, drawn[7])
	})
	t.Run("all", func(t *testing.T) {
		_, drawn := draw(1, 10, 1, 20)
		require.Len(t, drawn, 10)
	})
	t.Run("none fits", func(t *testing.T) {
		c, _ := draw(1, 10, 10, 9)
		require.Zero(t, c.Records)
	})
	t.Run("each as likely as the other", func(t *testing.T) {
		counts := make([]int, 20)
		for seed := range uint64(2000) {
			_, drawn := draw(seed, 20, 1, 5)
			for _, i := range drawn {
				counts[i]++
			}
		}
		for i, n := range counts {
			// Binomial with mean 500 and standard deviation 19.4; the seeds are fixed.
			require.InDelta(t, 500, n, 80, "record %d", i)
		}
	})
}

func TestConflictsAreToldOnce(t *testing.T) {
	var d records.Distinct
	prompt := records.Place(1)
	paris := records.ReferenceKey([]byte(`{"reference_answer":"Paris"}`))
	require.Equal(t, paris, records.ReferenceKey([]byte(`{"metadata":{"reference_answer":"Paris"}}`)))
	lyon := records.ReferenceKey([]byte(`{"reward_model":{"ground_truth":"Lyon"}}`))
	_, repeated := d.See(1, prompt, paris)
	require.False(t, repeated)
	for i, c := range []struct {
		reference records.Key
		conflict  bool
	}{{paris, false}, {lyon, true}, {lyon, false}} {
		r, repeated := d.See(i+2, prompt, c.reference)
		require.True(t, repeated)
		require.Equal(t, records.Repeat{Of: 1, Conflict: c.conflict}, r, i)
	}
}

func FuzzKey(f *testing.F) {
	f.Add(`{"messages":[{"role":"user","content":"a"}]}`, "/messages/0")
	f.Add(`{"prompt":"a\ud800"}`, "/prompt")
	f.Add("{\"prompt\":\"\xff\"}", "/")
	f.Fuzz(func(t *testing.T, record, pointer string) {
		for _, what := range []string{"prompt", "record", pointer} {
			b, err := records.ParseBy(what, false)
			if err != nil {
				continue
			}
			one, err := b.Key([]byte(record))
			if err != nil {
				continue
			}
			other, err := b.Key([]byte(" " + strings.Clone(record) + " "))
			require.NoError(t, err)
			require.Equal(t, one, other)
		}
	})
}

func ExampleDraw() {
	questions := []string{"2+2?", "2+2?", "2+3?", "2+3?", "2+4?", "2+4?"}
	key := func(q string) records.Key {
		by, _ := records.ParseBy(records.ByPrompt, false)
		k, _ := by.Key([]byte(`{"prompt":"` + q + `"}`))
		return k
	}
	d := records.Draw{Seed: 1}
	for _, q := range questions {
		d.Add(key(q))
	}
	choice := d.Take(2)
	for _, q := range questions {
		fmt.Println(q, choice.Has(key(q)))
	}
	// Output:
	// 2+2? false
	// 2+2? false
	// 2+3? false
	// 2+3? false
	// 2+4? true
	// 2+4? true
}
