package stats_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/workbench/stats"
	"github.com/rftgrader/rftgrader/testdata"
)

// sharedData reads published judgements, or skips the test where they are not
// there.
func sharedData(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(testdata.Shared(t, "data", "judge", name))
	require.NoError(t, err)
	return b
}

// rowsOf reads JSONL.
func rowsOf[R any](t *testing.T, name string) []R {
	t.Helper()
	var rows []R
	for line := range bytes.Lines(sharedData(t, name)) {
		var r R
		require.NoError(t, json.Unmarshal(line, &r))
		rows = append(rows, r)
	}
	return rows
}

// published finds a figure by its path.
func published(t *testing.T, path string) float64 {
	t.Helper()
	var at any
	require.NoError(t, json.Unmarshal(sharedData(t, "known_answers.json"), &at))
	for name := range strings.SplitSeq(path, "/") {
		at = at.(map[string]any)[name]
	}
	require.IsType(t, 0., at, path)
	return at.(float64)
}

func same(t *testing.T, path string, got float64) {
	t.Helper()
	require.InDelta(t, published(t, path), got, 1e-9, path)
}

func TestPublishedCorrelations(t *testing.T) {
	type row struct{ Human, Judge map[string]float64 }
	for set, names := range map[string][]string{
		"topicalchat": {"understandability", "naturalness", "coherence", "engagingness", "groundedness", "overall"},
		"sfhot":       {"informativeness", "naturalness", "overall"},
	} {
		rows := rowsOf[row](t, set+"_unieval.jsonl")
		for _, name := range names {
			t.Run(set+" "+name, func(t *testing.T) {
				var human, judge []float64
				for _, r := range rows {
					if j, ok := r.Judge[name]; ok {
						human, judge = append(human, r.Human[name]), append(judge, j)
					}
				}
				same(t, set+"/"+name+"/n", float64(len(human)))
				same(t, set+"/"+name+"/pearson", stats.Pearson(human, judge))
				same(t, set+"/"+name+"/spearman", stats.Spearman(human, judge))
				same(t, set+"/"+name+"/kendall_tau_b", stats.KendallTauB(human, judge))
			})
		}
	}
}

func TestPublishedAgreement(t *testing.T) {
	type row struct {
		Annotators []float64
		Majority   float64
		GPT35      *float64
		PandaLM7B  *float64
	}
	rows := rowsOf[row](t, "pandalm_testset.jsonl")
	var raters [3][]float64
	var all [][]float64
	split := 0
	for _, r := range rows {
		all = append(all, r.Annotators)
		for i, a := range r.Annotators {
			raters[i] = append(raters[i], a)
		}
		majority, ok := stats.Majority(r.Annotators)
		if !ok {
			split++
			continue
		}
		require.Equal(t, r.Majority, majority)
	}
	same(t, "pandalm/rows", float64(len(rows)))
	same(t, "pandalm/three_way_splits", float64(split))
	same(t, "pandalm/cohen_kappa_annotator1_2", stats.Kappa(raters[0], raters[1], stats.Unweighted))
	same(t, "pandalm/cohen_kappa_annotator1_3", stats.NominalKappa(raters[0], raters[2]))
	same(t, "pandalm/cohen_kappa_annotator2_3", stats.NominalKappa(raters[1], raters[2]))
	same(t, "pandalm/fleiss_kappa", stats.FleissKappa(all))

	for name, judge := range map[string]func(row) *float64{
		"gpt35_vs_majority":     func(r row) *float64 { return r.GPT35 },
		"pandalm7b_vs_majority": func(r row) *float64 { return r.PandaLM7B },
	} {
		t.Run(name, func(t *testing.T) {
			var human, said, clearHuman, clearSaid []float64
			for _, r := range rows {
				j := judge(r)
				if j == nil {
					continue
				}
				human, said = append(human, r.Majority), append(said, *j)
				if r.Majority != 0 && *j != 0 {
					clearHuman, clearSaid = append(clearHuman, r.Majority), append(clearSaid, *j)
				}
			}
			at := "pandalm/" + name
			same(t, at+"/n", float64(len(human)))
			same(t, at+"/accuracy", stats.Accuracy(human, said))
			same(t, at+"/cohen_kappa", stats.Kappa(human, said, stats.Unweighted))
			same(t, at+"/kappa_linear", stats.Kappa(human, said, stats.Linear))
			same(t, at+"/kappa_quadratic", stats.Kappa(human, said, stats.Quadratic))
			same(t, at+"/no_tie/n", float64(len(clearHuman)))
			same(t, at+"/no_tie/accuracy", stats.Accuracy(clearHuman, clearSaid))
			for _, c := range stats.Confusions(human, said) {
				same(t, at+"/confusion/"+whole(c.From)+"->"+whole(c.To), float64(c.Count))
			}
		})
	}
}

func whole(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func TestPublishedRepeats(t *testing.T) {
	var answers [][]float64
	for _, r := range rowsOf[struct{ Scores []float64 }](t, "gpt4_repeat_scores.jsonl") {
		answers = append(answers, r.Scores)
	}
	got, ok := stats.Repeatability(answers)
	require.True(t, ok)
	same(t, "gpt4_repeats/n", float64(got.Answers))
	same(t, "gpt4_repeats/mean_of_means", got.MeanOfMeans)
	same(t, "gpt4_repeats/mean_within_sd_ddof1", got.WithinSD)
	same(t, "gpt4_repeats/all_three_equal", got.AllEqual)
	same(t, "gpt4_repeats/pairwise_exact_agreement", got.PairsEqual)
	same(t, "gpt4_repeats/icc_1_1", got.ICC11)
	same(t, "gpt4_repeats/icc_2_1", got.ICC21)
	same(t, "gpt4_repeats/icc_3_1", got.ICC31)
	same(t, "gpt4_repeats/krippendorff_alpha_interval", got.Alpha)
	same(t, "gpt4_repeats/median_equals_mean_rate", got.MedianIsMean)
}

func TestAUCIsTheShareOfPairsInOrder(t *testing.T) {
	for _, tc := range []struct {
		name     string
		positive []bool
		scores   []float64
		want     float64
	}{
		{"apart", []bool{false, false, true}, []float64{0.1, 0.2, 0.3}, 1},
		{"the wrong way", []bool{true, false}, []float64{0, 1}, 0},
		{"all tied", []bool{true, false, true}, []float64{5, 5, 5}, 0.5},
		{"three of four pairs", []bool{false, false, true, true}, []float64{0.1, 0.4, 0.35, 0.8}, 0.75},
		{"half of a tie", []bool{false, true, true}, []float64{1, 1, 2}, 0.75},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.InDelta(t, tc.want, stats.AUC(tc.positive, tc.scores), 1e-15)
		})
	}
}

// TestFormulasByHand holds figures that can be reckoned on paper.
func TestFormulasByHand(t *testing.T) {
	for _, tc := range []struct {
		name      string
		got, want float64
	}{
		{"pearson of a line", stats.Pearson([]float64{1, 2, 3}, []float64{-2, -4, -6}), -1},
		{"pearson", stats.Pearson([]float64{1, 2, 3}, []float64{1, 3, 2}), 0.5},
		{"spearman with a tie", stats.Spearman([]float64{1, 1, 2}, []float64{1, 2, 3}), math.Sqrt(3) / 2},
		{"tau without ties", stats.KendallTauB([]float64{1, 2, 3, 4}, []float64{1, 3, 2, 4}), 4. / 6},
		{"tau-b with ties", stats.KendallTauB([]float64{1, 1, 2}, []float64{1, 2, 3}), 2 / math.Sqrt(6)},
		{"kappa of opposites", stats.Kappa([]float64{0, 1}, []float64{1, 0}, stats.Unweighted), -1},
		{"kappa of names", stats.NominalKappa([]string{"a", "a", "b", "b"}, []string{"a", "b", "b", "b"}), 0.5},
		{"linear kappa by distance", stats.Kappa([]float64{1, 3}, []float64{1, 1}, stats.Linear), 0},
		{"fleiss of full agreement", stats.FleissKappa([][]int{{1, 1}, {2, 2}}), 1},
		{"fleiss", stats.FleissKappa([][]string{{"a", "a"}, {"a", "b"}}), -1. / 3},
		{"median of two", stats.Median([]float64{4, 1}), 2.5},
	} {
		t.Run(tc.name, func(t *testing.T) { require.InDelta(t, tc.want, tc.got, 1e-12) })
	}
}

func TestFiguresThatAreNotDefined(t *testing.T) {
	for name, got := range map[string]float64{
		"pearson of a constant":     stats.Pearson([]float64{1, 1}, []float64{1, 2}),
		"pearson of one pair":       stats.Pearson([]float64{1}, []float64{1}),
		"pearson of unequal sides":  stats.Pearson([]float64{1, 2}, []float64{1}),
		"spearman of a constant":    stats.Spearman([]float64{1, 2}, []float64{0.1, 0.1}),
		"tau of a constant":         stats.KendallTauB([]float64{1, 2}, []float64{3, 3}),
		"kappa of nothing":          stats.Kappa(nil, nil, stats.Linear),
		"kappa of one rating":       stats.Kappa([]float64{2, 2}, []float64{2, 2}, stats.Unweighted),
		"fleiss of one rater":       stats.FleissKappa([][]int{{1}}),
		"fleiss of uneven subjects": stats.FleissKappa([][]int{{1, 2}, {1}}),
		"accuracy of nothing":       stats.Accuracy[int](nil, nil),
		"auc without negatives":     stats.AUC([]bool{true}, []float64{1}),
		"median of nothing":         stats.Median(nil),
		"shares of no verdicts":     stats.PositionBias(nil, nil).FirstShare,
	} {
		t.Run(name, func(t *testing.T) { require.True(t, math.IsNaN(got), "%v", got) })
	}
	_, ok := stats.Repeatability([][]float64{{1, 2}, {1}})
	require.False(t, ok)
	_, ok = stats.Majority([]string{"a", "b"})
	require.False(t, ok)
	equal, ok := stats.Repeatability([][]float64{{1, 1}, {1, 1}})
	require.True(t, ok)
	require.Equal(t, 1., equal.AllEqual)
	require.True(t, math.IsNaN(equal.ICC21))
}

func TestPositionBias(t *testing.T) {
	const f, s, tie, none = stats.First, stats.Second, stats.Tie, stats.Unread
	for _, tc := range []struct {
		name              string
		forward, swapped  []stats.Side
		first, agree, lay float64
	}{
		{"always the first", []stats.Side{f, f, f}, []stats.Side{f, f, f}, 1, 0, 1},
		{"always the second", []stats.Side{s, s}, []stats.Side{s, s}, 0, 0, -1},
		{"by the answer", []stats.Side{f, s, tie}, []stats.Side{s, f, tie}, 2. / 6, 1, 0},
		{"half by the place", []stats.Side{f, f}, []stats.Side{f, s}, 0.75, 0.5, 0.5},
		{"one verdict is missing", []stats.Side{f, none}, []stats.Side{f, f}, 1, 0, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := stats.PositionBias(tc.forward, tc.swapped)
			require.InDelta(t, tc.first, got.FirstShare, 1e-15)
			require.InDelta(t, tc.agree, got.Agreement, 1e-15)
			require.InDelta(t, tc.lay, got.Bias, 1e-15)
		})
	}
}

func TestBootstrap(t *testing.T) {
	xs := make([]float64, 400)
	for i := range xs {
		xs[i] = float64(i % 2)
	}
	share := func(draw []int) float64 {
		var m stats.Moments
		for _, x := range stats.Pick(xs, draw) {
			m.Add(x)
		}
		return m.Mean()
	}
	got := stats.Bootstrap(len(xs), 2000, 0.95, 7, share)
	require.Equal(t, got, stats.Bootstrap(len(xs), 2000, 0.95, 7, share), "equal seeds")
	ramp := func(draw []int) float64 {
		sum := 0
		for _, i := range draw {
			sum += i * i
		}
		return float64(sum)
	}
	require.NotEqual(t, stats.Bootstrap(400, 50, 0.95, 7, ramp), stats.Bootstrap(400, 50, 0.95, 8, ramp), "another seed")
	// The standard error of a share of one half among 400 is 0.025.
	require.InDelta(t, 0.5-1.96*0.025, got.Low, 0.006)
	require.InDelta(t, 0.5+1.96*0.025, got.High, 0.006)
	require.Equal(t, 2000, got.Resamples)

	rare := stats.Bootstrap(2, 100, 0.9, 1, func(draw []int) float64 {
		return stats.Pearson(stats.Pick([]float64{1, 2}, draw), stats.Pick([]float64{1, 2}, draw))
	})
	require.Less(t, rare.Resamples, 100, "resamples without the figure are left out")
	require.True(t, math.IsNaN(stats.Bootstrap(0, 10, 0.9, 1, share).Low))
}

// FuzzCorrelations looks for a figure outside its bounds, and for a tau-b that
// differs from its definition over all pairs.
func FuzzCorrelations(f *testing.F) {
	f.Add([]byte{1, 2, 3, 3, 2, 1})
	f.Add([]byte{0, 0, 1, 1, 0, 1, 255, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		var xs, ys []float64
		for i := 0; i+1 < min(len(b), 200); i += 2 {
			xs, ys = append(xs, float64(b[i]%16)), append(ys, float64(b[i+1]%16))
		}
		for _, c := range []float64{stats.Pearson(xs, ys), stats.Spearman(xs, ys)} {
			require.False(t, c < -1 || c > 1)
		}
		var excess, inX, inY float64
		for i := range xs {
			for j := range i {
				dx, dy := xs[i]-xs[j], ys[i]-ys[j]
				if dx != 0 {
					inX++
				}
				if dy != 0 {
					inY++
				}
				if dx*dy > 0 {
					excess++
				} else if dx*dy < 0 {
					excess--
				}
			}
		}
		tau := stats.KendallTauB(xs, ys)
		if inX == 0 || inY == 0 {
			require.True(t, math.IsNaN(tau))
			return
		}
		require.InDelta(t, excess/math.Sqrt(inX*inY), tau, 1e-9)
	})
}

func BenchmarkKendallTauB(b *testing.B) {
	xs, ys := make([]float64, 1000), make([]float64, 1000)
	for i := range xs {
		xs[i], ys[i] = float64(i*7919%1000), float64(i*104729%17)
	}
	for b.Loop() {
		stats.KendallTauB(xs, ys)
	}
}
