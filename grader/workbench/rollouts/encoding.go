package rollouts

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrEncoding says that a file is no text in UTF-8 at all.
var ErrEncoding = errors.New("no UTF-8 text")

// sampleBytes is how much of a file is looked at to tell whether it is text.
const sampleBytes = 64 << 10

// beginning passes a byte order mark and refuses what is no text in UTF-8.
func (r *Reader) beginning() error {
	r.in.see(5)
	b := r.in.rest()
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(b, mark) {
		r.in.pass(len(mark))
		return nil
	}
	for _, known := range []struct{ magic, is string }{
		{"\xff\xfe", "UTF-16; save it as UTF-8"},
		{"\xfe\xff", "UTF-16; save it as UTF-8"},
		{"{\x00", "UTF-16; save it as UTF-8"}, // without a mark; JSON has no NUL
		{"[\x00", "UTF-16; save it as UTF-8"},
		{"\x00{", "UTF-16; save it as UTF-8"},
		{"\x00[", "UTF-16; save it as UTF-8"},
		{"\x1f\x8b", "compressed; unpack it with gunzip"},
		{"\x28\xb5\x2f\xfd", "compressed; unpack it with unzstd"},
		{"\xfd7zXZ\x00", "compressed; unpack it with unxz"},
		{"BZh", "compressed; unpack it with bunzip2"},
		{"PK\x03\x04", "compressed; unpack it with unzip"},
		{"PAR1", "a Parquet file; export it as JSONL"},
		{"ARROW1", "an Arrow file; export it as JSONL"},
	} {
		if bytes.HasPrefix(b, []byte(known.magic)) {
			return fmt.Errorf("%w: this is %s", ErrEncoding, known.is)
		}
	}
	return nil
}

// checkText refuses a binary file, whose first byte begins no rollout. A
// damaged line, even one of NUL bytes only, is none: rollouts follow it.
func (r *Reader) checkText() error {
	r.in.see(sampleBytes)
	b := r.in.rest()
	b = b[:min(sampleBytes, len(b))]
	size, bad := len(b), 0
	for line := range bytes.Lines(b) {
		for _, rollout := range []string{`{"`, `{ "`, `[{`} {
			if bytes.HasPrefix(line, []byte(rollout)) {
				return nil
			}
		}
	}
	for len(b) > 0 && (size < sampleBytes || utf8.FullRune(b)) {
		c, n := utf8.DecodeRune(b)
		if c < ' ' && c != '\f' && !isSpace(b[0]) || c == 0x7f || c == utf8.RuneError && n == 1 {
			bad++
		}
		b = b[n:]
	}
	// Compressed data has some 40 % of such bytes, and a text in Latin-1 some 5 %.
	if bad*10 > size {
		return fmt.Errorf("%w: this is a binary file, or text in another encoding; export the rollouts as JSONL in UTF-8", ErrEncoding)
	}
	return nil
}
