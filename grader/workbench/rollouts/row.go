package rollouts

import (
	"bytes"
	"errors"

	"github.com/rftgrader/rftgrader/grader"
)

// row decodes n bytes of the view and passes them.
func (r *Reader) row(n int) Row {
	row := r.decode(r.in.rest()[:n])
	r.in.pass(n)
	return row
}

func (r *Reader) decode(text []byte) Row {
	row := decode(text)
	if r.KeepText {
		row.Text = bytes.Clone(text)
	}
	return row
}

func decode(text []byte) Row {
	item := grader.DecodeRollout(text)
	if item.Err != nil && isEnvelope(text) {
		// That there are no messages in it is no help.
		var payload *grader.PayloadError
		if _, err := grader.Decode(text); errors.As(err, &payload) {
			item.Err = grader.Dataf("", "%w: want {\"trajectories\": [...]}, an array of rollouts, or one rollout", payload.Err)
		}
	}
	return Row{Item: item, Bytes: len(text)}
}

// isEnvelope reports whether text is an object that has trajectories and, before
// them, no messages.
func isEnvelope(text []byte) bool {
	if len(text) == 0 || text[0] != '{' {
		return false
	}
	_, ok := within(text).envelope()
	return ok
}

// unreadable is a row of which nothing could be read.
func unreadable(bytes int, format string, args ...any) Row {
	return Row{
		Item:  grader.Item{ID: []byte("null"), Rollout: &grader.Rollout{}, Err: grader.Dataf("", format, args...)},
		Bytes: bytes,
	}
}

// tooLong is the row of a rollout or a line that was passed unread.
func tooLong(what string, bytes int) Row {
	return unreadable(bytes, "the %s is longer than %d MiB", what, MaxBytes>>20)
}
