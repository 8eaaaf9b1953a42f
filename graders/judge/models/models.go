package models

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/judge/converse"
)

// A Model is what is known of a model.
type Model struct {
	// Match is the row's key: the start of the id, without the place in front.
	// It is "" for a model that the table does not know.
	Match string `json:"match"`
	// Forms holds the forms beside text that the model supports, best first.
	Forms []converse.Form `json:"forms"`
	// Strict says that tools may be strict.
	Strict bool `json:"strict"`
	// NoHyphen says that names of tools must not hold hyphens.
	NoHyphen bool `json:"no_hyphen"`
	// Temperature and TopP say which sampling fields are accepted, OneSampling
	// that they are not accepted together.
	Temperature bool `json:"temperature"`
	TopP        bool `json:"top_p"`
	OneSampling bool `json:"one_sampling"`
	// Prefill says that the conversation may end with the assistant's turn.
	Prefill bool `json:"prefill"`
	// NoSystem says that there is no system text; it goes before the first message.
	NoSystem bool `json:"no_system"`
	// NoStop says that stop sequences are refused.
	NoStop bool `json:"no_stop"`
	// Thinking says how a budget for reasoning is asked for: claude, or "" for not at all.
	Thinking string `json:"thinking"`
	// Effort says how effort is asked for: output, nova, openai, or "" for not at all.
	Effort string `json:"effort"`
	// CacheMin is the least tokens of a prefix that is kept; 0 means that the
	// model keeps none. CacheHour says that it may be kept for an hour.
	CacheMin  int  `json:"cache_min"`
	CacheHour bool `json:"cache_hour"`
	// Burndown is how many tokens of the quota one token of an answer costs.
	Burndown float64 `json:"burndown"`
	// MaxOutput is the most tokens of an answer; 0 is unknown.
	MaxOutput int `json:"max_output"`
	// RPM and TPM are usual quotas, for estimates only; an account's own differ.
	RPM int `json:"rpm"`
	TPM int `json:"tpm"`
	// Price is illustrative; nil is unknown.
	Price *Price `json:"price"`
}

// A Price is what a million tokens cost in US dollars.
type Price struct {
	In         float64 `json:"in" doc:"US dollars for a million tokens of input"`
	Out        float64 `json:"out" doc:"US dollars for a million tokens of output"`
	CacheRead  float64 `json:"cache_read" doc:"US dollars for a million tokens read from the prompt cache"`
	CacheWrite float64 `json:"cache_write" doc:"US dollars for a million tokens written to the prompt cache; 0 takes the price of input"`
}

// Validate refuses what is no price. Pointers are relative to the price.
func (p Price) Validate() error {
	for _, f := range []struct {
		name  string
		value float64
	}{{"in", p.In}, {"out", p.Out}, {"cache_read", p.CacheRead}, {"cache_write", p.CacheWrite}} {
		if !(f.value >= 0 && f.value <= 1e6) {
			return grader.Optionf("/"+f.name, "want 0 to 1000000 US dollars for a million tokens, got %v", f.value)
		}
	}
	return nil
}

// Cost returns what a usage costs in US dollars.
func (p Price) Cost(u converse.Usage) float64 {
	write := p.CacheWrite
	if write == 0 {
		write = p.In
	}
	return (float64(u.Input)*p.In + float64(u.Output)*p.Out + float64(u.CacheRead)*p.CacheRead + float64(u.CacheWrite)*write) / 1e6
}

//go:embed table.json
var source []byte

// table returns the rows, longest match first.
var table = sync.OnceValues(func() ([]Model, error) {
	d := json.NewDecoder(bytes.NewReader(source))
	d.DisallowUnknownFields()
	var rows []Model
	if err := d.Decode(&rows); err != nil {
		return nil, fmt.Errorf("read the table of models: %w", err)
	}
	slices.SortStableFunc(rows, func(a, b Model) int { return len(b.Match) - len(a.Match) })
	return rows, nil
})

// unknown is what is assumed of a model that is not in the table: what every
// model can do, and what the service itself refuses with a reason otherwise.
func unknown() Model {
	return Model{Forms: []converse.Form{converse.FormTool}, Temperature: true, TopP: true, Burndown: 1}
}

// Lookup returns what the table knows of a model: an id, an inference profile,
// or an ARN. An application inference profile does not say whose model it is:
// name the model with [Overrides].Like.
func Lookup(id string) Model {
	bare := Bare(id)
	rows, err := table()
	if err == nil {
		for _, row := range rows {
			if strings.HasPrefix(bare, row.Match) {
				row.Forms = slices.Clone(row.Forms)
				return row
			}
		}
	}
	return unknown()
}

// Bare returns a model's id without an ARN around it and without the place in
// front of an inference profile: us.amazon.nova-pro-v1:0 is amazon.nova-pro-v1:0.
func Bare(id string) string {
	if strings.HasPrefix(id, "arn:") {
		if i := strings.LastIndexByte(id, '/'); i >= 0 {
			id = id[i+1:]
		}
	}
	for _, place := range []string{"us.", "eu.", "apac.", "global.", "us-gov.", "jp.", "au.", "ca.", "sa.", "in.", "me.", "af."} {
		if rest, ok := strings.CutPrefix(id, place); ok {
			return rest
		}
	}
	return id
}

// RegionOf returns the region of an ARN, and "" of any other id.
func RegionOf(id string) string {
	parts := strings.SplitN(id, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" {
		return parts[3]
	}
	return ""
}
