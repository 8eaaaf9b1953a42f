package locallambda

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// FuzzLog writes a text to the log in pieces and checks that it arrives, in
// lines that are not too long.
func FuzzLog(f *testing.F) {
	f.Add("a\n", uint32(3), uint16(1))
	f.Add("no end", uint32(1), uint16(2))
	f.Add("\n", uint32(5), uint16(64))
	f.Add("x", uint32(maxLine), uint16(60000))
	f.Add("y", uint32(2*maxLine+1), uint16(65535))
	f.Add(strings.Repeat("z", maxLine+10)+"\n", uint32(2), uint16(65535))
	f.Add("long line\xff\x00", uint32(60000), uint16(32768))
	f.Fuzz(func(t *testing.T, s string, times uint32, piece uint16) {
		times %= 3 * maxLine
		if s == "" || piece == 0 || len(s)*int(times) > 4*maxLine || len(s)*int(times)/int(piece) > 10000 {
			return
		}
		text := strings.Repeat(s, int(times))
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		w.Close()
		var out bytes.Buffer
		p := newLogPipe(r, &logSink{w: &out})
		var end tail
		p.attach(&end)
		go p.read()
		for rest := text; rest != ""; {
			n := min(len(rest), int(piece))
			p.take([]byte(rest[:n]))
			rest = rest[n:]
		}
		p.close()

		got, want := out.String(), text
		if want != "" && !strings.HasSuffix(want, "\n") {
			want += "\n"
		}
		for line := range strings.Lines(want) {
			for len(line) > maxLine+1 {
				if !strings.HasPrefix(got, line[:maxLine]+"\n") {
					t.Fatal("a long line is not cut where it should be")
				}
				got, line = got[maxLine+1:], line[maxLine:]
			}
			if !strings.HasPrefix(got, line) {
				t.Fatalf("want a line of %d bytes, got %.100q", len(line), got)
			}
			got = got[len(line):]
		}
		if got != "" {
			t.Fatalf("too much: %.100q", got)
		}
		if b := end.bytes(); len(b) != min(len(text), maxTail) || !strings.HasSuffix(text, string(b)) {
			t.Fatalf("the tail has %d bytes of %d", len(b), len(text))
		}
	})
}
