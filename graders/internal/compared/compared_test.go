package compared_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/internal/compared"
)

func TestAnswer(t *testing.T) {
	for _, c := range []struct{ response, want string }{
		{" Paris\n", " Paris\n"},
		{"<think>x</think>\n\n Paris\n", "Paris\n"},
		{"Paris \n<|im_end|>", "Paris"},
		{"x</think>Paris", "Paris"},
	} {
		found := compared.Answer(c.response)
		require.True(t, found.OK)
		require.Equal(t, c.want, found.Text)
		require.Equal(t, c.want, c.response[found.Start:found.End])
	}
	for _, response := range []string{"", " \n", "<think>x", "<think>x</think> \u200b"} {
		found := compared.Answer(response)
		require.False(t, found.OK)
		require.NotEmpty(t, found.Why)
	}
}

func TestTextRoundTrip(t *testing.T) {
	for _, s := range []string{"found", "answer", "response", "tools:", "tools:/0/function/name"} {
		text, err := compared.ParseText(s)
		require.NoError(t, err)
		require.Equal(t, s, text.String())
		b, err := json.Marshal(text)
		require.NoError(t, err)
		var again compared.Text
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, text, again)
	}
	require.Equal(t, "found", compared.Text{}.String())
	require.Error(t, json.Unmarshal([]byte("5"), new(compared.Text)))
}

// FuzzExpect checks that what is read comes back as it was written, and that
// the text of a row is never quoted by an error.
func FuzzExpect(f *testing.F) {
	for _, s := range []string{"yes", "{{}}", "a {{/b}} c {{metadata:/d/0}}", "{{", "}}", "{{{{}}}}", "{{name}}"} {
		f.Add(s)
	}
	r := grader.DecodeRollout([]byte(`{"id": "1", "messages": [], "reference_answer": {"b": "x"}, "d": ["the secret text"]}`)).Rollout
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		e, err := compared.ParseExpect(s)
		if err != nil {
			return
		}
		b, err := e.MarshalJSON()
		require.NoError(t, err)
		var again compared.Expect
		require.NoError(t, again.UnmarshalJSON(b))
		require.Equal(t, e, again)
		text, err := e.Of(r)
		if err != nil {
			require.Equal(t, grader.FaultData, grader.FaultOf(err))
			require.NotContains(t, err.Error(), "secret")
		} else if !strings.Contains(s, "{{") {
			require.Equal(t, s, text)
		}
	})
}
