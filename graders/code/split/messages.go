package split

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/rftgrader/rftgrader/graders/code/sandbox"
)

// A message is one line of the tester.
type message struct {
	Nonce        string   `json:"nonce"`
	Ask          *ask     `json:"ask"`
	Plan         []string `json:"plan"`
	Whole        bool     `json:"whole"` // the plan has every test, whatever the candidate is
	Start        *string  `json:"start"`
	End          *string  `json:"end"`
	Outcome      string   `json:"outcome"` // passed, failed, error, skipped
	Detail       string   `json:"detail"`
	Note         string   `json:"note"`
	Begun        bool     `json:"begun"` // from here on the candidate shares the process
	Done         bool     `json:"done"`
	Unsplittable string   `json:"unsplittable"`
	Broken       string   `json:"broken"`   // the tests themselves are at fault
	Missing      string   `json:"missing"`  // a tool that is not installed
	Unloaded     string   `json:"unloaded"` // the candidate's program could not be loaded
}

// An ask is an operation of package wire, as the tester writes it.
type ask struct {
	Op     string          `json:"op"`
	Entry  string          `json:"entry,omitempty"`
	H      int             `json:"h,omitempty"`
	Args   json.RawMessage `json:"args,omitempty"`
	Kwargs json.RawMessage `json:"kwargs,omitempty"`
	Echo   bool            `json:"echo,omitempty"`
	Held   bool            `json:"held,omitempty"`
}

// A reply is one line of the candidate.
type reply struct {
	ID    int             `json:"id"`
	Nonce string          `json:"nonce"`
	Value json.RawMessage `json:"value,omitempty"`
	Error json.RawMessage `json:"error,omitempty"`
	Args  json.RawMessage `json:"args,omitempty"`
	// Waited says that the value, or the error, is that of a promise.
	Waited bool `json:"waited,omitempty"`
}

// An answer is what the tester gets for what it asked.
type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error json.RawMessage `json:"error,omitempty"`
	Args  json.RawMessage `json:"args,omitempty"`
	Dead  sandbox.Failure `json:"dead,omitempty"`

	Waited bool `json:"waited,omitempty"`
}

// maxNesting bounds the brackets of a line: a value may be 200 deep, and a
// tagged one has two brackets or three for each level.
const maxNesting = 3*200 + 20

var errReply = errors.New("the candidate's line is no reply to what it was asked")

// readReply reads a line of the candidate as the reply to a request.
func readReply(line []byte, id int, nonce string) (reply, error) {
	if !utf8.Valid(line) || nesting(line) > maxNesting {
		return reply{}, errReply
	}
	var r reply
	d := json.NewDecoder(bytes.NewReader(line))
	if d.Decode(&r) != nil || d.More() {
		return reply{}, errReply
	}
	if r.ID != id || r.Nonce != nonce || (r.Value == nil) == (r.Error == nil) {
		return reply{}, errReply
	}
	return r, nil
}

// nesting returns how deep the brackets of a JSON text are nested.
func nesting(line []byte) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return deepest
}

// newNonce returns a number that nobody can guess.
func newNonce() string {
	var b [16]byte
	rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// writeLine returns v as one line of JSON.
func writeLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
