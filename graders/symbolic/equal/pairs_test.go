package equal_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic/equal"
)

type pair struct {
	category, reference, answer, want string
}

func pairs(t testing.TB) []pair {
	t.Helper()
	file, err := os.Open("testdata/pairs.txt")
	require.NoError(t, err)
	defer file.Close()
	var out []pair
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		line := scanner.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, " ;; ")
		require.Len(t, f, 4, line)
		out = append(out, pair{f[0], f[1], f[2], f[3]})
	}
	return out
}

func TestPairs(t *testing.T) {
	for _, p := range pairs(t) {
		t.Run(fmt.Sprintf("%s/%s/%s", p.category, p.reference, p.answer), func(t *testing.T) {
			r := equal.Decide(p.reference, p.answer, equal.Options{})
			require.Equal(t, p.want, r.Verdict.String(), "%s against %s: %s", p.reference, p.answer, r.Reason)
		})
	}
}
