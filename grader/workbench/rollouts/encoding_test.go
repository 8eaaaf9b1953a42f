package rollouts_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/rollouts"
)

func inUTF16(order binary.AppendByteOrder, s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func noise(n int) string {
	b := make([]byte, n)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	b[0] = 'x'
	return string(b)
}

func deflated(t *testing.T, s string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	require.NoError(t, err)
	_, err = w.Write([]byte(s))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestNoText(t *testing.T) {
	lines := strings.Repeat(rollout("a")+"\n", 10)
	for _, tc := range []struct{ name, text, is string }{
		{"UTF-16 with a mark", "\xff\xfe" + inUTF16(binary.LittleEndian, lines), "UTF-16"},
		{"big-endian UTF-16 with a mark", "\xfe\xff" + inUTF16(binary.BigEndian, lines), "UTF-16"},
		{"UTF-16", inUTF16(binary.LittleEndian, lines), "UTF-16"},
		{"an array in big-endian UTF-16", inUTF16(binary.BigEndian, "["+rollout("a")+"]"), "UTF-16"},
		{"gzip", "\x1f\x8b\x08\x00", "compressed; unpack it with gunzip"},
		{"zstd", "\x28\xb5\x2f\xfd\x04", "unzstd"},
		{"xz", "\xfd7zXZ\x00", "unxz"},
		{"zip", "PK\x03\x04\x14\x00", "unzip"},
		{"Parquet", "PAR1\x15\x04", "Parquet"},
		{"a program", "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) + "\x02\x00\x3e\x00\n{\x00", "a binary file"},
		{"one byte", "\x00", "a binary file"},
		{"noise", noise(200 << 10), "a binary file"},
		{"raw deflate", deflated(t, noise(2000)+lines), "a binary file"},
		{"a text in another encoding", "\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0\n", "text in another encoding"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(strings.NewReader(tc.text))
			require.ErrorIs(t, err, rollouts.ErrEncoding)
			require.ErrorContains(t, err, tc.is)
			require.Empty(t, rows)
		})
	}
}

func TestDamagedTextIsText(t *testing.T) {
	a := rollout("a")
	for _, tc := range []struct {
		name, text string
		rows       int
	}{
		{"a line of NUL bytes before rollouts", strings.Repeat("\x00", 512) + "\n" + a + "\n", 2},
		{"a word in Latin-1", "d\xe9j\xe0 vu, as a Frenchman would say\n" + a, 2},
		{"a long text", strings.Repeat("漢字", 50<<10) + "\n" + a, 2},
		{"Latin-1 in a rollout", strings.Replace(a, "2+2", "\xe9\xe8\xe0", 1), 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readAll(strings.NewReader(tc.text))
			require.NoError(t, err)
			require.Len(t, rows, tc.rows)
		})
	}
}
