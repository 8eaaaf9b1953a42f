package grader

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// An Item is one place in a payload: a rollout, or what could be read of it.
type Item struct {
	// ID is the id as it was sent, byte for byte but for invalid UTF-8, or null
	// when none was. It falls back to task_id, as AWS's own samples do.
	ID json.RawMessage
	// Rollout is never nil. When Err is not nil it holds what could be read.
	Rollout *Rollout
	// Err is a *DataError when the rollout cannot be graded as it was sent.
	Err error
}

// Decode reads a trainer's payload: an array of rollouts, an object with an
// array under "trajectories", or one bare rollout.
//
// Damage stays where it is: a rollout that cannot be read becomes an Item with
// a [*DataError] at its own index. Decode fails, with a [*PayloadError], only
// when no rollouts can be told apart in the payload. It keeps no reference to
// the payload.
//
// A reference answer is taken from the top level or from metadata; two
// different ones in a rollout are a [*DataError], as are members that occur
// twice in an object. Invalid UTF-8 and lone surrogates in text become U+FFFD.
func Decode(payload []byte) ([]Item, error) {
	raws, err := split(bytes.TrimPrefix(payload, []byte("\xef\xbb\xbf")))
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(raws))
	var d decoder
	for i, raw := range raws {
		items[i] = d.rollout(raw)
	}
	return items, nil
}

// DecodeRollout reads one rollout, as it stands in an array or on a line of a
// JSONL file. It keeps no reference to raw.
func DecodeRollout(raw []byte) Item {
	var d decoder
	return d.rollout(raw)
}

// A PayloadError says that no rollouts can be told apart in a payload.
type PayloadError struct {
	Offset int64 // in bytes
	Err    error
}

func (e *PayloadError) Error() string {
	return fmt.Sprintf("payload: %v (at byte %d): want a JSON array of rollouts, {\"trajectories\": [...]}, or one rollout", e.Err, e.Offset)
}

func (e *PayloadError) Unwrap() error { return e.Err }
