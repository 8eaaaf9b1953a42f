package records

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"github.com/rftgrader/rftgrader/grader"
)

// A Key identifies what records have in common.
type Key [16]byte

// By says what makes records belong together. Its zero value is the prompt.
type By struct {
	record  bool
	pointer jsontext.Pointer
	loose   bool
}

// The words that ParseBy knows beside pointers.
const (
	ByPrompt = "prompt"
	ByRecord = "record"
)

// ParseBy reads "prompt", "record" (all but the id) or a JSON pointer into the
// records, such as /metadata/source. With loose, prompts are equal that differ
// only in letter case, white space and the forms of Unicode (NFKC).
func ParseBy(s string, loose bool) (By, error) {
	b := By{loose: loose}
	switch {
	case s == ByPrompt:
		return b, nil
	case loose:
		return By{}, errors.New("only prompts can be compared loosely")
	case s == ByRecord:
		b.record = true
	case strings.HasPrefix(s, "/") && jsontext.Pointer(s).IsValid():
		b.pointer = jsontext.Pointer(s)
	default:
		return By{}, fmt.Errorf("want prompt, record, or a JSON pointer such as /task, got %q", s)
	}
	return b, nil
}

// Key returns the key of a record, which is one JSON object. Two records have
// equal keys only if what b names is there in both, and equal: for a prompt, all
// messages before an answer of the model at the end; for other values, but for
// white space and the order of members. The error says what is wrong with the
// record, and quotes nothing of it.
func (b By) Key(record []byte) (Key, error) {
	switch {
	case b.record:
		return recordKey(record)
	case b.pointer != "":
		return valueKey(record, b.pointer)
	}
	return b.promptKey(record)
}

func (b By) promptKey(record []byte) (Key, error) {
	r, err := rolloutOf(record)
	if err != nil {
		return Key{}, err
	}
	if b.loose {
		for i := range r.Messages {
			for j := range r.Messages[i].Content {
				p := &r.Messages[i].Content[j]
				p.Text = plain(p.Text)
			}
		}
	}
	k := r.PromptKey()
	return Key(k[:]), nil
}

// plain returns a text without what is not compared loosely.
func plain(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(s)), " "))
}

// rolloutOf reads a record whose prompt stands under messages, or under prompt as
// in the data of SageMaker's jobs for open models.
func rolloutOf(record []byte) (*grader.Rollout, error) {
	item := grader.DecodeRollout(record)
	if item.Err == nil {
		return item.Rollout, nil
	}
	members, err := object(record)
	if err != nil {
		return nil, err
	}
	prompt, inMessages := members["messages"]
	some := inMessages
	if !inMessages {
		prompt, some = members["prompt"]
	}
	if !some {
		return nil, errors.New("neither messages nor a prompt")
	}
	var messages []jsontext.Value
	if prompt.Kind() == '"' && !inMessages {
		messages = []jsontext.Value{jsontext.Value(`{"role":"user","content":` + string(prompt) + `}`)}
	} else if err := jsonv2.Unmarshal(prompt, &messages); err != nil || len(messages) == 0 {
		return nil, errors.New("want a list of messages")
	}
	// A prompt is a rollout that has no answer yet.
	messages = append(messages, jsontext.Value(`{"role":"assistant","content":""}`))
	text, err := jsonv2.Marshal(map[string]any{"messages": messages}, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, errors.New("messages that cannot be read")
	}
	if item = grader.DecodeRollout(text); item.Err != nil {
		return nil, item.Err
	}
	return item.Rollout, nil
}

// Check says what keeps a text from being a record: one JSON object.
func Check(record []byte) error {
	_, err := object(record)
	return err
}

// object reads a record strictly.
func object(record []byte) (map[string]jsontext.Value, error) {
	var members map[string]jsontext.Value
	err := jsonv2.Unmarshal(record, &members)
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return nil, errors.New("a member occurs twice in its object, and which value is meant cannot be told")
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return nil, fmt.Errorf("not valid JSON, byte %d", syntax.ByteOffset)
	}
	if err != nil || members == nil {
		return nil, errors.New("want a JSON object")
	}
	return members, nil
}

func recordKey(record []byte) (Key, error) {
	members, err := object(record)
	if err != nil {
		return Key{}, err
	}
	delete(members, "id")
	text, err := jsonv2.Marshal(members)
	if err != nil {
		return Key{}, errors.New("not valid JSON")
	}
	return keyOf(text)
}

func valueKey(record []byte, at jsontext.Pointer) (Key, error) {
	if _, err := object(record); err != nil {
		return Key{}, err
	}
	missing := fmt.Errorf("nothing at %s", at)
	value := jsontext.Value(record)
	for name := range at.Tokens() {
		switch value.Kind() {
		case '{':
			var members map[string]jsontext.Value
			if err := jsonv2.Unmarshal(value, &members); err != nil {
				return Key{}, errors.New("not valid JSON")
			}
			v, ok := members[name]
			if !ok {
				return Key{}, missing
			}
			value = v
		case '[':
			var elements []jsontext.Value
			if err := jsonv2.Unmarshal(value, &elements); err != nil {
				return Key{}, errors.New("not valid JSON")
			}
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(elements) || strconv.Itoa(i) != name {
				return Key{}, missing
			}
			value = elements[i]
		default:
			return Key{}, missing
		}
	}
	return keyOf(bytes.Clone(value))
}

// keyOf takes text over.
func keyOf(text jsontext.Value) (Key, error) {
	// Beyond 2^53 integers of other digits are other integers.
	if err := text.Canonicalize(jsontext.CanonicalizeRawInts(false)); err != nil {
		return Key{}, errors.New("not valid JSON")
	}
	sum := sha256.Sum256(text)
	return Key(sum[:]), nil
}

// Place is the key of a record that belongs to no other: the number-th one.
func Place(number int) Key {
	sum := sha256.Sum256([]byte("record " + strconv.Itoa(number)))
	return Key(sum[:])
}
