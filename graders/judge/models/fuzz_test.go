package models_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/converse"
	"github.com/rftgrader/rftgrader/graders/judge/models"
)

// FuzzLearn has refusals of any text: each teaches something that changes the
// request, or nothing, and there is an end to what can be learned.
func FuzzLearn(f *testing.F) {
	for _, text := range []string{
		"", "temperature is deprecated", "outputConfig.textFormat", "toolConfig.toolChoice.any", "tools", "cachePoint ttl", "system messages",
		"stopSequences", "maximum tokens exceeds the limit of 8", "top_p", "thinking", "effort", "strict", "prefill",
	} {
		f.Add("us.anthropic.claude-haiku-4-5-20251001-v1:0", text)
		f.Add("example.unknown", text)
	}
	f.Fuzz(func(t *testing.T, id, text string) {
		half := 0.5
		q := &converse.Request{
			Model: id, System: []string{"a"}, Cache: "1h", MaxTokens: 300, Temperature: &half, TopP: &half, Effort: "low",
			Messages: []converse.Message{{Role: converse.User, Text: "b"}, {Role: converse.Assistant, Text: "c"}}, Stop: []string{"d"},
			Output: converse.Output{Form: converse.FormAuto, Name: "e-f", Strict: true, Schema: json.RawMessage(`{}`), Spelled: "g"},
		}
		m := models.Lookup(id)
		const enough = 20
		for range enough {
			sent := m.Fit(q)
			learned, ok := m.Learn(sent, text)
			if !ok {
				return
			}
			require.NotEqual(t, sent.Key(), learned.Fit(q).Key())
			m = learned
		}
		t.Fatal("no end to what is learned")
	})
}
