package calibration_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/calibration"
)

func words(texts ...string) (labels []calibration.Label) {
	for _, s := range texts {
		labels = append(labels, calibration.Label{Text: s, Word: true})
	}
	return labels
}

func numbers(xs ...float64) (labels []calibration.Label) {
	for _, x := range xs {
		labels = append(labels, calibration.Label{Number: x})
	}
	return labels
}

func of(human, judge []calibration.Label) calibration.Case {
	return calibration.Case{Human: human, Judge: judge, Length: -1}
}

func TestWhatCountsAsALabel(t *testing.T) {
	for _, tc := range []struct {
		raw  string
		want string
		ok   bool
	}{
		{`3`, "3", true}, {`3.50`, "3.5", true}, {`"good"`, "good", true}, {`true`, "1", true}, {`false`, "0", true},
		{`null`, "", false}, {`{}`, "", false}, {`[1]`, "", false}, {`1e999`, "", false}, {``, "", false},
	} {
		t.Run(tc.raw, func(t *testing.T) {
			l, ok := calibration.ParseLabel(json.RawMessage(tc.raw))
			require.Equal(t, tc.ok, ok)
			if ok {
				require.Equal(t, tc.want, l.String())
			}
		})
	}
}

func TestSeveralPeopleBecomeOneLabel(t *testing.T) {
	for _, tc := range []struct {
		name     string
		human    []calibration.Label
		combine  calibration.Combine
		compared int
		accuracy float64 // of a judge that says 1
	}{
		{"majority of few numbers", numbers(1, 1, 2), calibration.Auto, 1, 1},
		{"no majority", numbers(0, 1, 2), calibration.Auto, 0, 0},
		{"mean of few numbers", numbers(0, 1, 2), calibration.Mean, 1, 1},
		{"mean of many numbers", numbers(5, -5, 4, 0), calibration.Auto, 1, 1},
		{"majority of words", words("1", "1", "x"), calibration.Auto, 1, 1},
		{"two who disagree", numbers(1, 2), calibration.Majority, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := calibration.New([]calibration.Case{of(tc.human, numbers(1))}, calibration.Options{Combine: tc.combine})
			require.Equal(t, tc.compared, r.Compared)
			require.Equal(t, 1-tc.compared, r.WithoutMajority)
			if tc.compared > 0 {
				require.NotNil(t, r.Accuracy)
				require.Equal(t, tc.accuracy, r.Accuracy.Value)
			}
		})
	}
}

func TestCategoriesAndScales(t *testing.T) {
	var scale, categories []calibration.Case
	for i := range 30 {
		x := float64(i)
		scale = append(scale, of(numbers(float64(i%2)), numbers(x/30)))
		categories = append(categories, of(words(fmt.Sprint(i%3)), words(fmt.Sprint(i%3))))
	}
	r := calibration.New(scale, calibration.Options{Resamples: 200, Seed: 3})
	require.Nil(t, r.CohenKappa, "a scale is no category")
	require.NotNil(t, r.Pearson)
	require.NotNil(t, r.Pearson.Interval)
	require.Equal(t, 15, r.Positives)
	require.InDelta(t, 120./225, r.AUC.Value, 1e-12)

	r = calibration.New(categories, calibration.Options{})
	require.Equal(t, 1., r.CohenKappa.Value)
	require.Nil(t, r.CohenKappa.Interval, "without resamples")
	require.Nil(t, r.KappaLinear, "words have no distance")
	require.Nil(t, r.Pearson)
	require.Len(t, r.Confusion, 3)
}

func TestPositiveLabels(t *testing.T) {
	threshold := 2.5
	cases := []calibration.Case{of(numbers(1), numbers(0.1)), of(numbers(2), numbers(0.9)), of(numbers(3), numbers(0.5))}
	require.Nil(t, calibration.New(cases, calibration.Options{}).AUC, "three labels and no threshold")
	r := calibration.New(cases, calibration.Options{Positive: &threshold})
	require.Equal(t, 0.5, r.AUC.Value)
	require.Equal(t, 1, r.Positives)
}

func TestRowsThatMissSomething(t *testing.T) {
	r := calibration.New([]calibration.Case{of(nil, numbers(1)), of(numbers(1), nil), of(numbers(1), numbers(1))}, calibration.Options{})
	require.Equal(t, []int{3, 1, 1, 1}, []int{r.Rows, r.Compared, r.WithoutHuman, r.WithoutJudge})
	b, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(b), `"cohen_kappa":null`, "one label throughout")
}

func TestRepeatsOfTheSameAnswers(t *testing.T) {
	r := calibration.New([]calibration.Case{of(nil, numbers(1, 1, 1)), of(nil, numbers(2, 2, 5)), of(nil, numbers(4, 4))}, calibration.Options{})
	require.Equal(t, 2, r.Repeats.N, "one answer was scored twice only")
	require.Equal(t, 0.5, *r.Repeats.AllEqual)
	require.Equal(t, *r.Figures()["all_equal"], 0.5)
}

func TestPlaces(t *testing.T) {
	second := words("A")[0]
	pair := of(nil, words("first"))
	pair.Swapped = &second
	r := calibration.New([]calibration.Case{pair, pair}, calibration.Options{})
	require.Equal(t, 1., *r.Position.Bias)
	require.Equal(t, 1., *r.Position.FirstShare)
	require.Equal(t, 0., *r.Position.Agreement)
}

func TestPlacesByTheJudgesMetrics(t *testing.T) {
	one, none := 1., 0.
	first, second, third := of(nil, nil), of(nil, nil), of(nil, nil)
	first.Bias, second.Bias = &one, &none
	r := calibration.New([]calibration.Case{first, second, third}, calibration.Options{})
	require.Equal(t, 2, r.Position.N)
	require.Equal(t, 0.5, *r.Position.Bias)
	require.Nil(t, r.Position.FirstShare)
}

func TestLength(t *testing.T) {
	var cases []calibration.Case
	for i := range 10 {
		c := of(numbers(float64(-i)), numbers(float64(i*i)))
		c.Length = 100 * i
		cases = append(cases, c)
	}
	r := calibration.New(cases, calibration.Options{})
	require.Equal(t, 1., *r.Length.Judge.Spearman)
	require.Equal(t, -1., *r.Length.Human.Spearman)
}

func ExampleNew() {
	report := calibration.New([]calibration.Case{
		{Human: numbers(1), Judge: numbers(0.9), Length: -1},
		{Human: numbers(0), Judge: numbers(0.2), Length: -1},
		{Human: numbers(1), Judge: numbers(0.7), Length: -1},
	}, calibration.Options{})
	fmt.Printf("%.4f %.4f\n", report.AUC.Value, report.Pearson.Value)
	// Output: 1.0000 0.9608
}
