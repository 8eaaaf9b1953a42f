package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var (
	//go:embed page/report.css
	style []byte
	//go:embed page/report.js
	script []byte
)

// MaxRows is how many rollouts the table of a report has at most; charts and figures
// are of all.
const MaxRows = 20000

const (
	// bytesPerRow is what a rollout may take on average, so that a report stays under
	// 1 MB per 1,000 rollouts with its charts.
	bytesPerRow = 880
	// firstBytes is what the first rollouts may take beyond that.
	firstBytes = 48 << 10
)

// A Rollout is one row of the report.
type Rollout struct {
	ID, Place    string
	Score        *float64 // nil is ungraded
	Fault, Cause string   // why it is ungraded
	Found        string
	FoundAt      int // where Found stands in Answer, in bytes; below 0 is nowhere
	Reason       string
	Metrics      []Metric
	Group        int // the number of the prompt; below 0 is none
	Prompt       []Turn
	Answer       string
	Reference    string
	Length       int // of the answer, in characters
	Seconds      float64
}

// A Metric is a number beside the score.
type Metric struct {
	Name  string
	Value float64
}

// A Turn is a message of the prompt.
type Turn struct {
	Role string `json:"r"`
	Text string `json:"t"`
}

// row is how a rollout stands in the file. The names are short, being many.
type row struct {
	Number  int          `json:"n"`
	ID      string       `json:"i"`
	Place   string       `json:"p"`
	Score   *float64     `json:"s"`
	Fault   string       `json:"e,omitempty"`
	Cause   string       `json:"w,omitempty"`
	Found   string       `json:"f,omitempty"`
	Reason  string       `json:"r,omitempty"`
	Metrics [][2]float64 `json:"m,omitempty"` // the number of the name, and the value
	Group   int          `json:"g"`
	Prompt  []Turn       `json:"q,omitempty"` // with the first rollout of a group
	Before  string       `json:"b,omitempty"` // of the answer, before what was found
	Marked  string       `json:"k,omitempty"`
	After   string       `json:"a,omitempty"`
	Ref     string       `json:"x,omitempty"`
	Length  int          `json:"l"`
	Seconds float64      `json:"t,omitzero"`
	Cut     bool         `json:"c,omitzero"` // texts were cut
}

// A Writer makes a report. Its parts are written in the order Head, Rollout for each,
// Tail.
type Writer struct {
	rows   int // in all
	kept   int
	cut    int // rows with texts that were cut
	spare  int // bytes that the next rows may take beyond their share
	names  []string
	byName map[string]int
	groups map[int]bool // whose prompt stands in the file
}

// New returns a Writer.
func New() *Writer {
	return &Writer{spare: firstBytes, byName: map[string]int{}, groups: map[int]bool{}}
}

// Head returns what stands before the rollouts.
func (w *Writer) Head() []byte {
	hash := sha256.Sum256(script)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>rft report</title>
<style>
%s</style>
</head>
<body>
<script type="application/json" id="rows">[
`, base64.StdEncoding.EncodeToString(hash[:]), style)
	return b.Bytes()
}

// cuts are how much of prompt, answer and reference is kept, in bytes, the most first.
var cuts = [][3]int{{8000, 16000, 4000}, {3000, 6000, 1500}, {1200, 2400, 600}, {600, 1200, 300}, {360, 600, 160}, {240, 320, 100}, {120, 160, 60}, {40, 60, 20}, {12, 24, 8}}

// Rollout appends one line, or nothing for a rollout beyond MaxRows.
func (w *Writer) Rollout(dst []byte, r Rollout) ([]byte, error) {
	w.rows++
	if w.kept == MaxRows {
		return dst, nil
	}
	at := row{
		Number: w.rows, Score: r.Score, Fault: r.Fault, Group: max(-1, r.Group), Length: r.Length, Seconds: r.Seconds,
		ID: short(r.ID, 120), Place: short(r.Place, 160), Cause: short(r.Cause, 300), Found: short(r.Found, 160), Reason: short(r.Reason, 240),
	}
	for _, m := range r.Metrics[:min(len(r.Metrics), 40)] {
		at.Metrics = append(at.Metrics, [2]float64{float64(w.name(m.Name)), m.Value})
	}
	begins := r.Group < 0 || !w.groups[r.Group]
	w.spare += bytesPerRow
	var line []byte
	for i, cut := range cuts {
		// What is too long before it is written need not be tried.
		if i < len(cuts)-1 && min(len(r.Answer), cut[1])+min(len(r.Reference), cut[2]) > w.spare {
			continue
		}
		at.texts(r, begins, cut)
		b, err := jsonv2.Marshal(at, jsontext.EscapeForHTML(true), jsontext.EscapeForJS(true))
		if err != nil {
			return dst, err
		}
		if line = b; len(b) < w.spare || i == len(cuts)-1 {
			break
		}
	}
	if at.Cut {
		w.cut++
	}
	if r.Group >= 0 {
		w.groups[r.Group] = true
	}
	w.spare -= len(line) + 2
	if w.kept > 0 {
		dst = append(dst, ',')
	}
	w.kept++
	return append(append(dst, line...), '\n'), nil
}

func (w *Writer) name(s string) int {
	n, ok := w.byName[s]
	if !ok {
		n = len(w.names)
		w.names = append(w.names, short(s, 80))
		w.byName[s] = n
	}
	return n
}

// texts fills in the long texts, each cut to its share.
func (at *row) texts(r Rollout, begins bool, cut [3]int) {
	at.Prompt, at.Cut = nil, false
	left := cut[0]
	if begins {
		// The last turns say most.
		for _, t := range slices.Backward(r.Prompt) {
			if left <= 0 {
				at.Cut = true
				break
			}
			text := at.middle(t.Text, left)
			left -= len(text)
			at.Prompt = append(at.Prompt, Turn{short(t.Role, 40), text})
		}
		slices.Reverse(at.Prompt)
	}
	at.Ref = at.middle(r.Reference, cut[2])
	at.Before, at.Marked, at.After = r.Answer, "", ""
	if r.FoundAt >= 0 && r.Found != "" && r.FoundAt+len(r.Found) <= len(r.Answer) {
		at.Before, at.Marked, at.After = r.Answer[:r.FoundAt], r.Found, r.Answer[r.FoundAt+len(r.Found):]
	}
	if len(r.Answer) > cut[1] {
		at.Marked = at.middle(at.Marked, cut[1]/4)
		rest := cut[1] - len(at.Marked)
		after := min(len(at.After), rest/3)
		before := rest - after
		if len(at.Before) < before {
			before, after = len(at.Before), rest-len(at.Before)
		}
		at.Before = at.middle(at.Before, before)
		at.After = at.middle(at.After, after)
	}
	at.Before, at.Marked, at.After = clean(at.Before), clean(at.Marked), clean(at.After)
}

// middle takes out the middle of a long text.
func (at *row) middle(s string, most int) string {
	if len(s) <= most {
		return clean(s)
	}
	at.Cut = true
	head, tail := most/2, most-most/2
	for head > 0 && !utf8.RuneStart(s[head]) {
		head--
	}
	from := len(s) - tail
	for from < len(s) && !utf8.RuneStart(s[from]) {
		from++
	}
	return clean(s[:head]) + " […] " + clean(s[from:])
}

// short cuts the end of a text.
func short(s string, most int) string {
	if len(s) <= most {
		return clean(s)
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return clean(s[:most]) + "…"
}

func clean(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
