package spec

import (
	"crypto/sha256"
	"encoding/hex"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
)

// hashed is what decides rewards. Its JSON is what is hashed, so changing a
// field here changes every hash.
type hashed struct {
	Version     int                            `json:"version"`
	Graders     map[string]hashedGrader        `json:"graders"`
	Score       string                         `json:"score,omitempty"`
	Route       *hashedRoute                   `json:"route,omitempty"`
	Range       []float64                      `json:"range,omitempty"`
	OnError     map[grader.Fault]grader.Action `json:"on_error"`
	MaxUngraded float64                        `json:"max_ungraded"`
	Files       []hashedFile                   `json:"files,omitempty"`
}

type hashedGrader struct {
	Type    string         `json:"type"`
	Options jsontext.Value `json:"options"`
}

type hashedRoute struct {
	By    string            `json:"by"`
	Cases map[string]string `json:"cases"`
}

type hashedFile struct {
	Grader string `json:"grader"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// hash identifies what decides rewards; resolved holds the options of each
// grader with their defaults.
func (d *document) hash(resolved map[string][]byte, files *shelf) (string, error) {
	h := hashed{
		Version:     1,
		Graders:     map[string]hashedGrader{},
		OnError:     map[grader.Fault]grader.Action{},
		MaxUngraded: d.policy.MaxUngraded,
	}
	for _, e := range d.graders {
		h.Graders[e.name] = hashedGrader{e.kind.Name(), resolved[e.name]}
	}
	if d.score != nil {
		h.Score = d.score.canonical()
	}
	if d.route != nil {
		h.Route = &hashedRoute{By: d.route.by, Cases: map[string]string{}}
		for value, s := range d.route.cases {
			h.Route.Cases[value] = s.canonical()
		}
	}
	if d.bounds != nil {
		h.Range = []float64{d.bounds.lo, d.bounds.hi}
	}
	for _, f := range grader.Faults() {
		h.OnError[f] = d.policy.Action(f)
	}
	for _, k := range files.taken() {
		sum := sha256.Sum256(files.contents[k])
		h.Files = append(h.Files, hashedFile{k.grader, k.file, hex.EncodeToString(sum[:])})
	}
	b, err := jsonv2.Marshal(h, jsonv2.Deterministic(true))
	if err != nil {
		return "", err
	}
	// Options that are free JSON keep the order and the white space of the
	// spec until here. Numbers there stay as they are, since canonical JSON
	// would round whole numbers above 2^53.
	v := jsontext.Value(b)
	if err := v.Canonicalize(jsontext.CanonicalizeRawInts(false)); err != nil {
		return "", err
	}
	sum := sha256.Sum256(v)
	return hex.EncodeToString(sum[:]), nil
}
