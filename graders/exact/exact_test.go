package exact_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/grader/gradertest"
	"github.com/rftgrader/rftgrader/graders/exact"
)

func TestConformance(t *testing.T) { gradertest.Run(t, exact.Kind, "testdata") }

func build(t testing.TB, options string) grader.Grader {
	t.Helper()
	g, err := exact.Kind.New(&grader.Env{Name: "correct"}, []byte(options))
	require.NoError(t, err)
	return g
}

func rollout(t testing.TB, answer string, reference any) *grader.Rollout {
	t.Helper()
	ref, err := grader.NewReference(reference)
	require.NoError(t, err)
	return &grader.Rollout{Reference: ref, Messages: []grader.Message{
		{Role: "user", Content: grader.TextContent("Which one?")},
		{Role: "assistant", Content: grader.TextContent(answer)},
	}}
}

// TestScores grades the answer as it stands, without looking for it.
func TestScores(t *testing.T) {
	const (
		fold     = `"case": "fold"`
		ends     = `"punctuation": "ends"`
		remove   = `"punctuation": "remove"`
		articles = `"articles": "remove"`
		contains = `"match": "contains"`
		colours  = `"labels": ["red", "dark red", "blue", "green"]`
		within   = contains + `, ` + colours
		oneOf    = `"match": "one_of", ` + colours
	)
	for _, c := range []struct {
		name, options, answer string
		reference             any
		score                 float64
	}{
		{"equal", "", "Oslo", "Oslo", 1},
		{"different", "", "Bergen", "Oslo", 0},
		{"a part", "", "Osl", "Oslo", 0},
		{"a Boolean's text", `"reference": ""`, "true", true, 1},
		{"a number's text", "", "72", 72, 1},
		{"another text of the number", "", "72.0", 72, 0},

		{"case: keep", "", "oslo", "Oslo", 0},
		{"case: fold", fold, "oSLO", "Oslo", 1},
		{"case: fold, sharp s", fold, "STRASSE", "straße", 1},
		{"case: fold, final sigma", fold, "ΟΔΥΣΣΕΥΣ", "Οδυσσευς", 1},
		{"case: fold, composed characters", fold, "ZU\u0308RICH", "zürich", 1},
		{"case: fold, accents count", fold, "Zurich", "Zürich", 0},

		{"whitespace: collapse, inside", "", "New \n York", "New York", 1},
		{"whitespace: collapse, no-break space", "", "New\u00a0York", "New York", 1},
		{"whitespace: collapse, none is not one", "", "NewYork", "New York", 0},
		{"whitespace: collapse, zero width", "", "\ufeffOslo\u200b", "Oslo", 1},
		{"whitespace: trim", `"whitespace": "trim"`, " Oslo\n", "  Oslo", 1},
		{"whitespace: trim, inside", `"whitespace": "trim"`, "New  York", "New York", 0},
		{"whitespace: remove", `"whitespace": "remove"`, "N e w York", "New York", 1},
		{"whitespace: keep, inside", `"whitespace": "keep"`, "New  York", "New York", 0},
		{"whitespace: keep, the same", `"whitespace": "keep"`, "New  York", "New  York", 1},

		{"wrapping: strip, text", "", `\text{no}`, "no", 1},
		{"wrapping: strip, text with spaces", "", `\text{ no }`, "no", 1},
		{"wrapping: strip, bold text", "", `\textbf{Oslo}`, "Oslo", 1},
		{"wrapping: strip, mathrm", "", `\mathrm{B}`, "B", 1},
		{"wrapping: strip, mbox", "", `\mbox {no}`, "no", 1},
		{"wrapping: strip, mathematics", "", `$x+1$`, "x+1", 1},
		{"wrapping: strip, display mathematics", "", `$$x$$`, "x", 1},
		{"wrapping: strip, LaTeX parentheses", "", `\( x \)`, "x", 1},
		{"wrapping: strip, LaTeX brackets", "", `\[x\]`, "x", 1},
		{"wrapping: strip, Markdown", "", "**no**", "no", 1},
		{"wrapping: strip, code", "", "`no`", "no", 1},
		{"wrapping: strip, nested", "", "**$\\text{no}$**", "no", 1},
		{"wrapping: strip, in the reference", "", "no", `\text{no}`, 1},
		{"wrapping: strip, in both", "", "`no`", `**no**`, 1},
		{"wrapping: strip, a stop behind", ends, "**no**.", "no", 1},
		{"wrapping: strip, a stop inside", ends, "**no.**", "no", 1},
		{"wrapping: strip, two wrappers", "", `\text{no}\text{yes}`, "no", 0},
		{"wrapping: strip, a part", "", `\text{no} way`, "no way", 0},
		{"wrapping: strip, an open brace", "", `\text{no`, "no", 0},
		{"wrapping: strip, an escaped brace", "", `\text{no\}`, "no", 0},
		{"wrapping: strip, two pieces of mathematics", "", `$a$ or $b$`, "a$ or $b", 0},
		{"wrapping: strip, prices", "", `$5`, "5", 0},
		{"wrapping: strip, an escaped dollar", "", `$5\$`, `5\`, 0},
		{"wrapping: strip, a negation stays", "", `\not{no}`, "no", 0},
		{"wrapping: strip, struck out stays", "", `\cancel{no}`, "no", 0},
		{"wrapping: strip, a root stays", "", `\sqrt{4}`, "4", 0},
		{"wrapping: strip, a set stays", "", `\mathbb{R}`, "R", 0},
		{"wrapping: strip, single stars stay", "", `*.go*`, ".go", 0},
		{"wrapping: strip, a name stays", "", `__init__`, "init", 0},
		{"wrapping: strip, nothing inside", "", `\text{}`, "text", 0},
		{"wrapping: strip, stars only", "", `****`, `****`, 1},
		{"wrapping: strip, too deep", "", strings.Repeat(`\text{`, 9) + "no" + strings.Repeat("}", 9), "no", 0},
		{"wrapping: keep", `"wrapping": "keep"`, `\text{no}`, "no", 0},
		{"wrapping: keep, in both", `"wrapping": "keep"`, `\text{no}`, `\text{no}`, 1},

		{"unicode: nfc", "", "e\u0301", "é", 1},
		{"unicode: none", `"unicode": "none"`, "e\u0301", "é", 0},
		{"unicode: nfc keeps ligatures", "", "ﬁn", "fin", 0},
		{"unicode: nfkc, ligatures", `"unicode": "nfkc"`, "ﬁn", "fin", 1},
		{"unicode: nfkc, full width", `"unicode": "nfkc", ` + fold, "ＯＳＬＯ", "oslo", 1},

		{"punctuation: keep", "", "Oslo.", "Oslo", 0},
		{"punctuation: ends, a stop", ends, "Oslo.", "Oslo", 1},
		{"punctuation: ends, in the reference", ends, "Oslo", "Oslo.", 1},
		{"punctuation: ends, many", ends, "“Oslo”.!…", "Oslo", 1},
		{"punctuation: ends, a question is no answer", ends, "Oslo?", "Oslo", 0},
		{"punctuation: ends, many questions", ends, "Oslo???", "Oslo", 0},
		{"punctuation: ends, a question and a cheer", ends, "Oslo?!", "Oslo", 0},
		{"punctuation: ends, the question itself", ends, "Who goes?", "Who goes?", 1},
		{"punctuation: ends, brackets", ends, "(B)", "B", 1},
		{"punctuation: ends, one bracket stays", ends, "f(x)", "f(x", 0},
		{"punctuation: ends, emphasis", ends, "**Oslo**", "Oslo", 1},
		{"punctuation: ends, a star of a name", ends, "A*", "A", 0},
		{"punctuation: ends, nested", ends, "*(\"Oslo\".)*", "Oslo", 1},
		{"punctuation: ends, Spanish", ends, "¡Oslo!", "Oslo", 1},
		{"punctuation: ends, a Spanish question", ends, "¿Oslo?", "Oslo", 0},
		{"punctuation: ends, Chinese", ends, "「北京」。", "北京", 1},
		{"punctuation: ends, inside stays", ends, "U.S", "US", 0},
		{"punctuation: ends, a sign stays", ends, "-5", "5", 0},
		{"punctuation: ends, percent stays", ends, "5%", "5", 0},
		{"punctuation: ends, a sharp stays", ends, "C#", "C", 0},
		{"punctuation: ends, plus stays", ends, "C++", "C", 0},
		{"punctuation: ends, a factorial stays", ends, "5!", "5", 0},
		{"punctuation: ends, a variable's factorial stays", ends, "n!", "n", 0},
		{"punctuation: ends, a cheer goes", ends, "Oslo!!", "Oslo", 1},
		{"punctuation: ends, quotation marks that do not match", ends, "\"Oslo'", "Oslo", 0},
		{"punctuation: remove, apostrophes", remove, "don't", "dont", 1},
		{"punctuation: remove, points", remove, "U.S.", "US", 1},
		{"punctuation: remove, commas part words", remove, "red,blue", "red blue", 1},
		{"punctuation: remove, slashes part words", remove, "yes/no", "yesno", 0},
		{"punctuation: remove, hyphens", remove, "well-known", "wellknown", 1},
		{"punctuation: remove, decimals stay", remove, "3.14", "314", 0},
		{"punctuation: remove, times stay", remove, "10:30", "1030", 0},
		{"punctuation: remove, signs stay", remove, "-5", "5", 0},
		{"punctuation: remove, the point of a number stays", remove, ".5", "5", 0},
		{"punctuation: remove, percent stays", remove, "5%", "5", 0},
		{"punctuation: remove, broken bytes", remove, "Os\xfflo.", "Oslo", 0},

		{"articles: keep", "", "the cat", "cat", 0},
		{"articles: remove", articles, "the cat", "a cat", 1},
		{"articles: remove, capitals", articles, "The cat and An owl", "cat and owl", 1},
		{"articles: remove, parts of words stay", articles, "theory", "ory", 0},
		{"articles: remove, nothing left", articles, "the", "cat", 0},
		{"articles: remove behind punctuation", articles + `, ` + ends, "\"the cat\".", "cat", 1},

		{"any of several", `"reference": ""`, "Den Haag", []string{"The Hague", "Den Haag"}, 1},
		{"none of several", `"reference": ""`, "Delft", []string{"The Hague", "Den Haag"}, 0},
		{"numbers and texts", `"reference": ""`, "4", []any{"four", 4}, 1},

		{"contains", contains, "It is Oslo, surely.", "Oslo", 1},
		{"contains, all of it", contains, "Oslo", "Oslo", 1},
		{"contains, not", contains, "It is Bergen.", "Oslo", 0},
		{"contains, a part of a word", contains, "Cataclysm", "Cata", 0},
		{"contains, the end of a word", contains, "bobcat", "cat", 0},
		{"contains, several words", contains, "In New  York City now", "New York", 1},
		{"contains, a possessive is another word", contains, "Oslo's", "Oslo", 0},
		{"contains, brackets", contains, "The option (B) is right", "B", 1},
		{"contains, an underscore joins", contains, "cat_food", "cat", 0},
		{"contains, digits join", contains, "B2", "B", 0},
		{"contains, a number", contains, "there are 18 eggs", "18", 1},
		{"contains, a number at the end", contains, "there are 18.", "18", 1},
		{"contains, a part of a number", contains, "there are 1,800", "800", 0},
		{"contains, a part of a decimal", contains, "3.18", "18", 0},
		{"contains, a part of a time", contains, "at 10:18", "18", 0},
		{"contains, a negative number", contains, "it is -18", "18", 0},
		{"contains, the negative number itself", contains, "it is -18", "-18", 1},
		{"contains, a percentage", contains, "it is 18%", "18", 0},
		{"contains, the percentage itself", contains, "it is 18%.", "18%", 1},
		{"contains, a contraction", contains, "I can't", "can", 0},
		{"contains, C of C++", contains, "use C++ here", "C", 0},
		{"contains, C++", contains, "use C++ here", "C++", 1},
		{"contains, C# at the end", contains, "use C#", "C#", 1},
		{"contains, A+B", contains, "A+B", "A", 1},
		{"contains, an accent that follows", contains + `, "unicode": "none"`, "cafe\u0301", "cafe", 0},
		{"contains, Chinese", contains, "首都是北京市", "北京", 1},
		{"contains, the second of several", contains + `, "reference": ""`, "I saw Den Haag", []string{"The Hague", "Den Haag"}, 1},

		{"labels, one", within, "a blue car", "blue", 1},
		{"labels, one, twice", within, "blue, really blue", "blue", 1},
		{"labels, another", within, "a green car", "blue", 0},
		{"labels, none", within, "a car", "blue", 0},
		{"labels, two", within, "blue or green", "blue", 0},
		{"labels, every one", within, "red blue green", "red", 0},
		{"labels, denied", within, "blue, not green", "blue", 0},
		{"labels, inside a longer one", within, "a dark red car", "dark red", 1},
		{"labels, the inner one is not said", within, "a dark red car", "red", 0},
		{"labels, the inner one alone as well", within, "dark red and red", "dark red", 0},
		{"labels that overlap", contains + `, "labels": ["new york", "york city"]`, "new york city", "new york", 0},
		{"labels, in a word", within, "bored", "red", 0},
		{"labels, emphasised", within, "it is _blue_", "blue", 1},
		{"labels, one in bold", within, "it is __blue__", "blue", 1},
		{"labels, one hidden by emphasis", within, "blue or _green_", "blue", 0},
		{"labels, one hidden by bold", within, "blue or __green__", "blue", 0},
		{"labels, one hidden by a zero-width space", within, "blue g\u200breen", "blue", 0},
		{"labels, one hidden by a soft hyphen", within, "blue gr\u00adeen", "blue", 0},
		{"labels, one in full width", within, "blue ｇｒｅｅｎ", "blue", 0},
		{"labels, one in capitals", within, "blue, or GREEN", "blue", 0},
		{"labels, the one in capitals is not read", within, "BLUE", "blue", 0},
		{"labels that differ in case alone", contains + `, "labels": ["Polish", "polish"]`, "Polish", "Polish", 1},
		{"labels, not", within, "it is not blue", "blue", 0},
		{"labels, not, in bold", within, "it is **not** _blue_", "blue", 0},
		{"labels, a contraction", within, "It isn’t really blue", "blue", 0},
		{"labels, never", within, "never a blue one", "blue", 0},
		{"labels, rather than", within, "something rather than blue", "blue", 0},
		{"labels, not in another clause", within, "No, it is blue", "blue", 1},
		{"labels, denied once", within, "blue? It is not blue.", "blue", 0},
		{"labels, one that denies", contains + `, "labels": ["spam", "not spam"]`, "It is not spam.", "not spam", 1},
		{"labels, the one inside is not said", contains + `, "labels": ["spam", "not spam"]`, "It is not spam.", "spam", 0},

		{"one_of", oneOf, "blue", "blue", 1},
		{"one_of, another", oneOf, "green", "blue", 0},
		{"one_of, outside", oneOf, "yellow", "blue", 0},
		{"one_of, two", oneOf, "blue green", "blue", 0},
		{"one_of, behind its name", oneOf, "Label: blue", "blue", 1},
		{"one_of, behind a bold name", oneOf, "**Label:** blue", "blue", 1},
		{"one_of, bold behind its name", oneOf, "Sentiment: **blue**", "blue", 1},
		{"one_of, all bold", oneOf, "**Final answer: blue**", "blue", 1},
		{"one_of, the wrong one behind its name", oneOf, "Label: green", "blue", 0},
		{"one_of, behind another name", oneOf, "Not: blue", "blue", 0},
		{"one_of, behind two names", oneOf, "Answer: Label: blue", "blue", 0},
		{"one_of, with a reason", oneOf, "Label: blue, green", "blue", 0},
		{"one_of, wrapped", oneOf, `\text{blue}`, "blue", 1},
		{"equal, a name stays", "", "Label: blue", "blue", 0},
		{"one_of, folded", oneOf + `, ` + fold + `, ` + ends, "Dark Red.", "dark red", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := `{"find": ["whole"]`
			if c.options != "" {
				options += ", " + c.options
			}
			res, err := build(t, options+"}").Grade(context.Background(), rollout(t, c.answer, c.reference))
			require.NoError(t, err)
			require.Equal(t, c.score, res.Score, res.Reason)
			require.NotEmpty(t, res.Reason)
			require.Equal(t, []grader.Metric{grader.Measure("answer_found", 1)}, res.Metrics)
		})
	}
}

// verbatim compares texts as they are.
const verbatim = `"text": "answer", "case": "keep", "whitespace": "keep", "wrapping": "keep", "unicode": "none"`

func TestVerbatim(t *testing.T) {
	for _, c := range []struct {
		name, options, answer string
		reference             any
		score                 float64
	}{
		{"equal", `{` + verbatim + `}`, "Paris", "Paris", 1},
		{"white space counts", `{` + verbatim + `}`, " Paris", "Paris", 0},
		{"a line break counts", `{` + verbatim + `}`, "Paris\n", "Paris", 0},
		{"white space is matched", `{` + verbatim + `}`, " Paris\n", " Paris\n", 1},
		{"markup counts", `{` + verbatim + `}`, "**Paris**", "Paris", 0},
		{"case counts", `{` + verbatim + `}`, "paris", "Paris", 0},
		{"the form of characters counts", `{` + verbatim + `}`, "e\u0301", "\u00e9", 0},
		{"reasoning is no part of the answer", `{` + verbatim + `}`, "<think>Lyon?</think>\n\nParis", "Paris", 1},
		{"reasoning is part of the response", `{"text": "response", "wrapping": "keep"}`, "<think>Lyon?</think>Paris", "Paris", 0},
		{"a substring inside a word", `{"match": "substring", ` + verbatim + `}`, "Parisian", "Paris", 1},
		{"a substring in another case", `{"match": "substring", ` + verbatim + `}`, "parisian", "Paris", 0},
		{"a substring with case folded", `{"match": "substring", "case": "fold"}`, "the PARISIAN", "Paris", 1},
		{"a substring of white space inside", `{"match": "substring", ` + verbatim + `}`, "New  York", "New York", 0},
		{"one of several substrings", `{"match": "substring", "reference": ""}`, "Parisian", []string{"Rome", "Paris"}, 1},
		{"no substring", `{"match": "substring", "reference": ""}`, "Oslo", []string{"Rome", "Paris"}, 0},
		{"no pattern", `{"match": "substring"}`, "Paris", "P.*s", 0},
		{"inside the reference", `{"match": "substring_of"}`, "river", "the rivers of Oslo", 1},
		{"not inside the reference", `{"match": "substring_of"}`, "Rome", "the rivers of Oslo", 0},
		{"nothing is inside everything", `{"match": "substring_of"}`, " ", "the rivers of Oslo", 0},
		{"a text of one's own", `{"expect": "yes"}`, "yes", nil, 1},
		{"another than the text of one's own", `{"expect": "yes"}`, "no", "no", 0},
		{"a text with the reference in it", `{"expect": "It is {{/city}}."}`, "It is Paris.", map[string]any{"city": "Paris"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, c.reference))
			require.NoError(t, err)
			require.Equal(t, c.score, res.Score, "%s", res.Reason)
			require.NotEmpty(t, res.Reason)
		})
	}
}

func TestToolCalls(t *testing.T) {
	r := rollout(t, "get_weather", "Oslo")
	last := &r.Messages[len(r.Messages)-1]
	last.ToolCalls = []grader.ToolCall{{ID: "1", Type: "function", Name: "get_weather", Arguments: `{"city": "Oslo", "days": [1, 2]}`}}
	for text, want := range map[string]struct {
		expect string
		score  float64
	}{
		"tools:/0/function/name":             {"get_weather", 1},
		"tools:/0/function/arguments":        {`{"city": "Oslo", "days": [1, 2]}`, 1},
		"tools:/0/function/arguments/city":   {"Oslo", 1},
		"tools:/0/function/arguments/days":   {"[1,2]", 1},
		"tools:/0/function/arguments/days/1": {"2", 1},
		"tools:/0/function/arguments/town":   {"Oslo", 0},
		"tools:/1/function/name":             {"get_weather", 0},
		"tools:/0/type":                      {"function", 1},
	} {
		res, err := build(t, `{"wrapping": "keep", "text": "`+text+`", "expect": `+strconv.Quote(want.expect)+`}`).Grade(context.Background(), r)
		require.NoError(t, err)
		require.Equal(t, want.score, res.Score, "%s: %s", text, res.Reason)
	}
	res, err := build(t, `{"text": "tools:/0/function/name", "expect": "get_weather"}`).Grade(context.Background(), rollout(t, "get_weather", nil))
	require.NoError(t, err)
	require.Zero(t, res.Score, "the name in the text is no call")
}

func TestReasons(t *testing.T) {
	for _, c := range []struct{ name, options, answer, reason string }{
		{"found nothing", `{"find": ["boxed"]}`, "Oslo", "no answer: boxed: "},
		{"case alone", "", "oslo", "they would be equal with case: fold"},
		{"a stop alone", `{"find": "whole"}`, "Oslo.", "they would be equal with punctuation: ends"},
		{"white space alone", "", "O s l o", "they would be equal with whitespace: remove"},
		{"markup alone", `{"wrapping": "keep"}`, "**Oslo**", "they would be equal with wrapping: strip"},
		{"a denied label", `{"match": "contains", "labels": ["Oslo", "Bergen"]}`, "not Oslo", `denies the label "Oslo"`},
		{"width alone", "", "Ｏslo", "they would be equal with unicode: nfkc"},
		{"an article alone", "", "the Oslo", "they would be equal with articles: remove"},
		{"outside the labels", `{"match": "one_of", "labels": ["Oslo", "Bergen"]}`, "Rome", `"Rome" is none of the labels`},
		{"case of a label", `{"match": "one_of", "labels": ["Oslo", "Bergen"]}`, "oslo", "they would be equal with case: fold"},
		{"two labels", `{"match": "contains", "labels": ["Oslo", "Bergen"]}`, "Bergen, Oslo", `contains more than one label, "Bergen" and "Oslo"`},
		{"nothing left", `{"find": "whole", "punctuation": "remove"}`, "...", "nothing is left of the answer"},
		{"equal", "", "Oslo", `is the reference "Oslo"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := build(t, c.options).Grade(context.Background(), rollout(t, c.answer, "Oslo"))
			require.NoError(t, err)
			require.Contains(t, res.Reason, c.reason)
		})
	}
}

func TestReferenceFaults(t *testing.T) {
	for _, c := range []struct {
		name, options string
		reference     any
		where, err    string
	}{
		{"empty", "", "  ", "/reference_answer", "the reference is empty"},
		{"empty in a list", `{"reference": ""}`, []string{"Oslo", ""}, "/reference_answer/1", "the reference is empty"},
		{"nothing left", `{"articles": "remove"}`, "the a an the a an", "/reference_answer", "leave nothing of the reference"},
		{"no label", `{"match": "one_of", "labels": ["Oslo", "Bergen"]}`, "Trondheim by the fjord", "/reference_answer", "none of the 2 labels"},
		{"no label in a list", `{"match": "contains", "labels": ["Oslo", "Bergen"], "reference": ""}`, []string{"Oslo", "Trondheim"}, "/reference_answer/1", "none of the 2 labels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := build(t, c.options).Grade(context.Background(), rollout(t, "Oslo", c.reference))
			var data *grader.DataError
			require.ErrorAs(t, err, &data)
			require.Equal(t, c.where, data.Where)
			require.ErrorContains(t, err, c.err)
			if s, ok := c.reference.(string); ok && strings.TrimSpace(s) != "" {
				require.NotContains(t, err.Error(), s)
				require.Contains(t, grader.Explain(err), s)
			}
		})
	}
}

func TestOptionFaults(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"labels for substrings", `{"match": "substring", "labels": ["a", "b"]}`, "/labels"},
		{"an unknown text", `{"text": "everything"}`, "/text"},
		{"two references", `{"reference": "/a", "expect": "b"}`, "/expect"},
		{"an unknown match", `{"match": "near"}`, "/match"},
		{"an unknown wrapping", `{"wrapping": "yes"}`, "/wrapping"},
		{"one_of without labels", `{"match": "one_of"}`, "/labels"},
		{"equal with labels", `{"labels": ["a", "b"]}`, "/labels"},
		{"one label", `{"match": "one_of", "labels": ["a"]}`, "/labels"},
		{"an empty label", `{"match": "one_of", "labels": ["a", " "]}`, "/labels/1"},
		{"a label of which nothing is left", `{"match": "one_of", "labels": ["b", "the"], "articles": "remove"}`, "/labels/1"},
		{"two labels that are one", `{"match": "contains", "labels": ["b", "c", "B"], "case": "fold"}`, "/labels/2"},
		{"no finder", `{"find": null}`, "/find"},
		{"a misspelt option", `{"punctation": "ends"}`, "/punctation"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := exact.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.True(t, errors.As(err, &option), "%v", err)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

func TestKind(t *testing.T) {
	require.NoError(t, grader.Validate(exact.Kind))
	require.Equal(t, "Exact compares the text of the answer with the reference, or with any of several references", exact.Kind.Synopsis())
	require.NotContains(t, exact.Kind.Doc(), "package")
	require.Contains(t, exact.Kind.Doc(), "answer_found")
}

func ExampleKind() {
	g, err := exact.Kind.New(nil, []byte(`{"match": "contains", "labels": ["positive", "negative"], "case": "fold"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, answer := range []string{"Clearly negative.", "Positive or negative, who knows?"} {
		ref, err := grader.NewReference("negative")
		if err != nil {
			fmt.Println(err)
			return
		}
		res, err := g.Grade(context.Background(), &grader.Rollout{
			Messages:  []grader.Message{{Role: "assistant", Content: grader.TextContent(answer)}},
			Reference: ref,
		})
		fmt.Println(res.Score, res.Reason, err)
	}
	// Output:
	// 1 whole: the whole text, line 1: "Clearly negative." contains the label "negative" alone <nil>
	// 0 whole: the whole text, line 1: "Positive or negative, who knows?" contains more than one label, "positive" and "negative" <nil>
}

func FuzzGrade(f *testing.F) {
	for _, s := range []string{"Oslo", "«Œuvre»!", "the \u200b A*", "C++ -5 3.14", "北京是首都", "\xff\xfe", "e\u0301\u0301", "((((", "<answer>a</answer>"} {
		f.Add(s, "Oslo")
		f.Add(s, s)
	}
	var graders []grader.Grader
	for _, options := range []string{
		`{"find": ["whole"]}`,
		`{"find": ["whole"], "case": "fold", "punctuation": "ends", "articles": "remove", "unicode": "nfkc"}`,
		`{"find": ["whole"], "case": "fold", "punctuation": "remove", "articles": "remove", "whitespace": "remove"}`,
		`{"find": ["whole"], "match": "contains", "whitespace": "trim"}`,
		`{"find": ["whole"], "match": "contains", "punctuation": "remove"}`,
	} {
		graders = append(graders, build(f, options))
	}
	f.Fuzz(func(t *testing.T, answer, reference string) {
		r := rollout(t, answer, strings.ToValidUTF8(reference, "?"))
		same := rollout(t, strings.ToValidUTF8(reference, "?"), strings.ToValidUTF8(reference, "?"))
		for i, g := range graders {
			res, err := g.Grade(context.Background(), r)
			if err != nil {
				require.Equal(t, grader.FaultData, grader.FaultOf(err))
				continue
			}
			require.NoError(t, res.Check())
			require.Contains(t, []float64{0, 1}, res.Score)
			// Whatever the finder leaves whole matches itself.
			if res, err := g.Grade(context.Background(), same); err == nil && res.Found == strings.ToValidUTF8(reference, "?") {
				require.Equal(t, 1.0, res.Score, "grader %d: %s", i, res.Reason)
			}
		}
	})
}

func BenchmarkGrade(b *testing.B) {
	const loose = `"case": "fold", "punctuation": "ends", "articles": "remove"`
	labels := `"match": "contains", "labels": ["a a b", "a c", "negative"]`
	thousand := make([]string, 1000)
	for i := range thousand {
		thousand[i] = fmt.Sprintf("a a %d", i)
	}
	for _, c := range []struct {
		name, options string
		r             *grader.Rollout
	}{
		{"typical", "", rollout(b, "It is known.\n<answer>Oslo</answer>", "Oslo")},
		{"loose", `{` + loose + `}`, rollout(b, "It is known.\n<answer>The Œuvre.</answer>", "œuvre")},
		{"wrong", "", rollout(b, "It is known.\n<answer>Bergen</answer>", "Oslo")},
		{"labels", `{"match": "contains", "labels": ["positive", "negative", "neutral"]}`, rollout(b, "The review is clearly negative.", "negative")},
		{"a thousand references, 1 MB", `{"find": "whole", "match": "contains", "reference": ""}`, rollout(b, strings.Repeat("a ", 1<<19), thousand)},
		{"hostile wrappers, 1 MB", `{"find": "whole"}`, rollout(b, strings.Repeat(`\text{`, 1<<20/7)+strings.Repeat("}", 1<<20/7), "Oslo")},
		{"hostile dollars, 1 MB", `{"find": "whole"}`, rollout(b, strings.Repeat("$", 1<<20), "Oslo")},
		{"hostile denials, 1 MB", `{"find": "whole", "match": "contains", "labels": ["a", "b"]}`, rollout(b, strings.Repeat("a ", 1<<19), "b")},
		{"hostile brackets, 1 MB", `{"find": "whole", ` + loose + `}`, rollout(b, strings.Repeat("(", 1<<19)+strings.Repeat(")", 1<<19), "Oslo")},
		{"hostile stops, 1 MB", `{"find": "whole", ` + loose + `}`, rollout(b, strings.Repeat("!", 1<<20), "Oslo")},
		{"hostile words, 1 MB", `{"find": "whole", ` + labels + `}`, rollout(b, strings.Repeat("a ", 1<<19), "negative")},
		{"hostile accents, 1 MB", `{"find": "whole", ` + loose + `}`, rollout(b, strings.Repeat("\u0301\u0327", 1<<18), "Oslo")},
		{"hostile points, 1 MB", `{"find": "whole", "punctuation": "remove"}`, rollout(b, strings.Repeat("1.", 1<<19), "Oslo")},
	} {
		g := build(b, c.options)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := g.Grade(context.Background(), c.r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestManyReferences looks for a thousand references at once.
func TestManyReferences(t *testing.T) {
	refs := make([]string, 1000)
	for i := range refs {
		refs[i] = strings.Repeat("a ", i%7+1) + fmt.Sprintf("b%d", i)
	}
	g := build(t, `{"find": "whole", "match": "contains", "reference": ""}`)
	for _, c := range []struct {
		name, answer string
		score        float64
	}{
		{"each", "x a a a a b997 y", 1},
		{"the longest and its parts", "a a a a a a a b6", 1},
		{"none", "a a a b1001", 0},
		{"a part of a word", "a a ab3 b", 0},
		{"long", strings.Repeat("a ", 1<<16) + "c", 0},
		{"long, at its end", strings.Repeat("a ", 1<<16) + "b6", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := g.Grade(context.Background(), rollout(t, c.answer, refs))
			require.NoError(t, err)
			require.Equal(t, c.score, res.Score, res.Reason)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := g.Grade(ctx, rollout(t, strings.Repeat("a ", 1<<16), refs))
	require.ErrorIs(t, err, context.Canceled)
}
