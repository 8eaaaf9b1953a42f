package condition_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/condition"
)

// row has some values.
func row() condition.Values {
	numbers := map[string]float64{"score": 0.5, "length": 120, "ungraded": 0, "last.words": 3, "pass@4": 0.75, "odd name": 7, "v1": 9, "/metadata/label": 1, "/a-b/0": 2}
	texts := map[string]string{"id": "gsm-7", "/metadata/policy": "6b_verification", "reason": `cut "off"`}
	return condition.Values{
		Number: func(r condition.Ref) (float64, error) {
			if x, ok := numbers[r.Name]; ok {
				return x, nil
			}
			return 0, fmt.Errorf("there is no %s", r.Name)
		},
		Text: func(r condition.Ref) (string, error) {
			if x, ok := texts[r.Name]; ok {
				return x, nil
			}
			return "", fmt.Errorf("there is no text %s", r.Name)
		},
	}
}

func TestHolds(t *testing.T) {
	for source, want := range map[string]bool{
		"score < 0.6":                       true,
		"score":                             true,
		"ungraded":                          false,
		"ungraded > 0":                      false,
		"score/length < 1":                  true,
		"score / length < 1":                true,
		"(score)/2 == 0.25":                 true,
		"1 / /metadata/label == 1":          true,
		"/a-b/0 * 2 == 4":                   true,
		"-/a-b/0 == -2":                     true,
		"`odd name` == 7":                   true,
		"v1 == 9":                           true,
		"last.words == 3 && pass@4 >= 0.75": true,
		"score > 1 && nothing":              false, // what does not count is not looked up
		"score < 1 || nothing":              true,
		"score > 1 or length > 100 and score < 1":         true,
		"(score > 1 or length > 100) and score > 1":       false,
		"score > 1 || length > 1000 || last.words":        true,
		"max(score > 1 || length > 1, 0) == 1":            true,
		"if(ungraded, 1, score < 0.1)":                    false,
		`id == "gsm-7"`:                                   true,
		`"gsm-7" != id`:                                   false,
		`id ~ "gsm" and /metadata/policy != "6b_other"`:   true,
		`/metadata/policy ~ 'verification'`:               true,
		`reason ~ "\"off\""`:                              true,
		`(id == "a" || id == "gsm-7") * (score == 0.5)`:   true,
		"1e-3 < score":                                    true,
		"score<.6":                                        true,
		"2 && 3":                                          true,
		"score == 0.5 and (length == 1 or (length==120))": true,
	} {
		t.Run(source, func(t *testing.T) {
			c, err := condition.Parse(source)
			require.NoError(t, err)
			got, err := c.Holds(row())
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Equal(t, source, c.String())
		})
	}
}

func TestFaults(t *testing.T) {
	for source, want := range map[string]string{
		"":                         "0: want a value, got the end",
		"score <":                  "7: want a number, a name, a pointer, a function or (, got the end",
		"score < 1 < 2":            "10: comparisons cannot be chained: use parentheses",
		"score score":              `6: want an operator or the end, got "score"`,
		"&& score":                 `0: want a value, got "&&"`,
		"score &&":                 "8: want a value, got the end",
		"score & 1":                `6: want an operator or the end, got "&"`,
		"(score":                   "6: want ), got the end",
		"score)":                   `5: want an operator or the end, got ")"`,
		"min(score,)":              `10: want a value, got ")"`,
		`id == "a`:                 "6: a text in quotes does not end, or has an unknown escape",
		`"a" < id`:                 "0: a text can only be compared, by == and !=, with a name or a pointer",
		`score + "a"`:              "8: a text can only be compared, by == and !=, with a name or a pointer",
		"`score":                   "0: a name in backticks does not end, or is empty",
		"median(score)":            `0: no function "median"`,
		"score = 1":                `6: want an operator or the end, got "="`,
		"§ < 1":                    `0: want a number, a name, a pointer, a function or (, got "§"`,
		strings.Repeat("(", 300):   "100: the condition is nested more than 100 deep",
		strings.Repeat("x", 9<<10): "0: the condition has 9216 bytes: at most 8192 are read",
	} {
		t.Run(source[:min(len(source), 20)], func(t *testing.T) {
			_, err := condition.Parse(source)
			var fault *condition.Error
			require.ErrorAs(t, err, &fault)
			require.Contains(t, fmt.Sprintf("%d: %v", fault.Offset, err), want)
		})
	}
}

func TestPointerAlone(t *testing.T) {
	c, err := condition.Parse(" /metadata/label ")
	require.NoError(t, err)
	r, ok := c.Pointer()
	require.True(t, ok)
	require.Equal(t, "/metadata/label", r.Name)
	for _, source := range []string{"/a == 1", "score", "-/a", `/a == "x"`} {
		c, err := condition.Parse(source)
		require.NoError(t, err)
		_, ok := c.Pointer()
		require.False(t, ok, source)
	}
}

func TestWhatCannotBeToldIsAnError(t *testing.T) {
	for _, source := range []string{"nothing > 1", `score == "a"`, "score / ungraded > 1"} {
		c, err := condition.Parse(source)
		require.NoError(t, err)
		_, err = c.Holds(row())
		require.Error(t, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"score < 0.6", `id ~ "x" && /a/b >= 2 || not`, "`a b`/2", "if(a,b,c)", `"a"==b`, "1e9e", "a.b.@c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		c, err := condition.Parse(source)
		if err != nil {
			var fault *condition.Error
			if !errors.As(err, &fault) || fault.Offset < 0 || fault.Offset > len(source) {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		_, _ = c.Holds(condition.Values{
			Number: func(condition.Ref) (float64, error) { return 1, nil },
			Text:   func(condition.Ref) (string, error) { return "x", nil },
		})
	})
}
