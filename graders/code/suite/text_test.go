package suite_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/code/suite"
)

// TestText lists outputs with the modes in which they pass: e (exact), l
// (lines), t (tokens), f (float, 1e-6), d (decimals).
func TestText(t *testing.T) {
	for _, c := range []struct{ name, got, want, pass string }{
		{"the same", "1 2\n", "1 2\n", "eltfd"},
		{"without the last newline", "1 2", "1 2\n", "ltfd"},
		{"trailing white space", "1 \t\n2\n\n\n", "1\n2\n", "ltfd"},
		{"leading blank line", "\n1\n", "1\n", "tf"},
		{"leading white space", " 1\n", "1\n", "tfd"},
		{"two spaces", "1  2\n", "1 2\n", "tfd"},
		{"one line for two", "1 2\n", "1\n2\n", "tf"},
		{"CRLF", "1\r\n2\r\n", "1\n2\n", "eltfd"},
		{"CRLF in what is wanted", "1\n2\n", "1\r\n2\r\n", "eltfd"},
		{"a lone CR", "1\r2\n", "1\n2\n", ""},
		{"a CR that hides", "9\r1\n", "1\n", ""},
		{"truncated", "1\n", "1\n2\n", ""},
		{"only the first line", "1", "1\n2\n3\n", ""},
		{"more", "1\n2\n3\n", "1\n2\n", ""},
		{"nothing", "", "1\n", ""},
		{"nothing where nothing is wanted", "", "", "eltfd"},
		{"blank where nothing is wanted", "\n", "", "ltfd"},
		{"other words", "yes\n", "no\n", ""},
		{"case", "YES\n", "yes\n", ""},
		{"1.0 for 1", "1.0\n", "1\n", "fd"},
		{"1e2 for 100", "1e2\n", "100\n", "fd"},
		{"near", "0.3333333\n", "0.33333333333\n", "f"},
		{"not near", "0.333\n", "0.33333333333\n", ""},
		{"a code with zeros", "007\n", "7\n", ""},
		{"binary digits", "0010\n", "10\n", ""},
		{"-0", "-0.0\n", "0\n", "fd"},
		{"inf", "inf\n", "2.0\n", ""},
		{"inf that is wanted", "inf\n", "inf\n", "eltfd"},
		{"nan", "nan\n", "1\n", ""},
		{"infinity by overflow", "1e999\n", "1e998\n", ""},
		{"hexadecimal", "0x10\n", "16\n", ""},
		{"an underscore", "1_0\n", "10\n", ""},
		{"Arabic-Indic digits", "٧\n", "7\n", ""},
		{"full-width digits", "７\n", "7\n", ""},
		{"a no-break space", "1\u00a02\n", "1 2\n", ""},
		{"invalid UTF-8", "\xff\n", "\xff\n", "eltfd"},
		{"NUL", "1\x00\n", "1\n", ""},
		{"a plus", "+5\n", "5\n", "fd"},
		{"big integers", "123456789012345678901234567890\n", "123456789012345678901234567891\n", "f"},
		{"not a number", "1.2.3\n", "1.2\n", ""},
		{"a point alone", ".\n", "0\n", ""},
		{"a huge exponent", "1e99999999999\n", "1\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			pass := ""
			for _, mode := range []string{"exact", "lines", "tokens", "float", "decimals"} {
				raw, err := json.Marshal(map[string]any{"kind": "stdio", "compare": mode, "cases": []any{map[string]string{"in": "", "out": c.want}}})
				require.NoError(t, err)
				if strings.ContainsRune(c.want, '\xff') || strings.Contains(c.want, "\ufffd") {
					raw = []byte(strings.ReplaceAll(string(raw), `\ufffd`, "\xff"))
				}
				s, err := suite.Parse(raw, "", suite.Hint{})
				require.NoError(t, err)
				got := c.got
				if strings.Contains(c.want, "\xff") {
					got = strings.ReplaceAll(got, "\xff", "\ufffd")
				}
				verdict, why := s.Cases[0].JudgeText([]byte(got))
				require.Equal(t, verdict == suite.Pass, why == "", "%s", mode)
				if verdict == suite.Pass {
					pass += mode[:1]
				}
			}
			require.Equal(t, c.pass, pass)
		})
	}
}

func TestTextReasons(t *testing.T) {
	for _, c := range []struct{ mode, got, want, why string }{
		{"lines", "1\n3\n", "1\n2\n", `line 2: got "3", want "2"`},
		{"lines", "1\n", "1\n2\n3\n", "the output ends after line 1, 2 more are wanted"},
		{"lines", "1\n2\n", "1\n", "the output goes on after line 1, the last that is wanted"},
		{"lines", "", "1\n", "got no output"},
		{"tokens", "1 3", "1 2", `word 2: got "3", want "2"`},
		{"tokens", "1", "1 2", `the output ends before word 2, "2"`},
		{"tokens", "1 2", "1", `the output goes on after the last word that is wanted, with "2"`},
		{"exact", "a\nb", "a\nc", `line 2: got "b", want "c"`},
	} {
		raw, err := json.Marshal(map[string]any{"kind": "stdio", "compare": c.mode, "cases": []any{map[string]string{"out": c.want}}})
		require.NoError(t, err)
		s, err := suite.Parse(raw, "", suite.Hint{})
		require.NoError(t, err)
		_, why := s.Cases[0].JudgeText([]byte(c.got))
		require.Equal(t, c.why, why)
	}
}
