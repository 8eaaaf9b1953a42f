package workbench_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/testdata"
)

// at follows a path of members and indices through decoded JSON.
func at(t *testing.T, v any, path string) float64 {
	t.Helper()
	for name := range strings.SplitSeq(path, "/") {
		m, ok := v.(map[string]any)
		require.True(t, ok, "%s: %v", path, v)
		v = m[name]
	}
	x, ok := v.(float64)
	require.True(t, ok, "%s: %v", path, v)
	return x
}

// TestCalibrateReproducesPublishedFigures runs the command on published judgements.
func TestCalibrateReproducesPublishedFigures(t *testing.T) {
	dir := testdata.Shared(t, "data", "judge")
	var known any
	b, err := os.ReadFile(filepath.Join(dir, "known_answers.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &known))

	calibrate := func(t *testing.T, file string, args ...string) any {
		t.Helper()
		args = append([]string{"judge", "calibrate", "--format", "json", "--bootstrap", "0", filepath.Join(dir, file)}, args...)
		r := run(t.Context(), strings.NewReader(""), nil, args...)
		require.Zero(t, r.code, r.stderr.String())
		var got any
		require.NoError(t, json.Unmarshal(r.stdout.Bytes(), &got))
		return got
	}
	same := func(t *testing.T, got any, figures map[string]string, place string) {
		t.Helper()
		for mine, theirs := range figures {
			require.InDelta(t, at(t, known, place+"/"+theirs), at(t, got, mine), 1e-6, "%s: %s", place, theirs)
		}
	}

	agreement := map[string]string{
		"compared": "n", "accuracy/value": "accuracy", "cohen_kappa/value": "cohen_kappa",
		"kappa_linear/value": "kappa_linear", "kappa_quadratic/value": "kappa_quadratic",
		"without_ties/n": "no_tie/n", "without_ties/accuracy": "no_tie/accuracy",
	}
	for judge, place := range map[string]string{"/gpt35": "pandalm/gpt35_vs_majority", "/pandalm7b": "pandalm/pandalm7b_vs_majority"} {
		for _, human := range []string{"/majority", "/annotators"} {
			t.Run(place+" by "+human, func(t *testing.T) {
				got := calibrate(t, "pandalm_testset.jsonl", "--human", human, "--judge", judge, "--tie", "0")
				same(t, got, agreement, place)
				for _, c := range got.(map[string]any)["confusion"].([]any) {
					c := c.(map[string]any)
					require.Equal(t, at(t, known, place+"/confusion/"+c["human"].(string)+"->"+c["judge"].(string)), c["count"])
				}
			})
		}
	}
	t.Run("people among themselves", func(t *testing.T) {
		got := calibrate(t, "pandalm_testset.jsonl", "--human", "/annotators", "--judge", "/gpt35")
		same(t, got, map[string]string{"rows": "rows", "fleiss_kappa": "fleiss_kappa", "without_majority": "three_way_splits"}, "pandalm")
		pairs := got.(map[string]any)["rater_pairs"].([]any)
		for i, name := range []string{"1_2", "1_3", "2_3"} {
			same(t, pairs[i], map[string]string{"cohen_kappa": "cohen_kappa_annotator" + name}, "pandalm")
		}
	})
	for set, names := range map[string][]string{
		"topicalchat": {"understandability", "naturalness", "coherence", "engagingness", "groundedness", "overall"},
		"sfhot":       {"informativeness", "naturalness", "overall"},
	} {
		for _, name := range names {
			t.Run(set+" "+name, func(t *testing.T) {
				got := calibrate(t, set+"_unieval.jsonl", "--human", "/human/"+name, "--judge", "/judge/"+name)
				same(t, got, map[string]string{"compared": "n", "pearson/value": "pearson", "spearman/value": "spearman", "kendall_tau_b/value": "kendall_tau_b"}, set+"/"+name)
			})
		}
	}
	t.Run("repeats", func(t *testing.T) {
		figures := map[string]string{
			"repeats/n": "n", "repeats/mean_of_means": "mean_of_means", "repeats/mean_within_sd": "mean_within_sd_ddof1",
			"repeats/all_equal": "all_three_equal", "repeats/pairs_equal": "pairwise_exact_agreement",
			"repeats/icc_1_1": "icc_1_1", "repeats/icc_2_1": "icc_2_1", "repeats/icc_3_1": "icc_3_1",
			"repeats/krippendorff_alpha": "krippendorff_alpha_interval", "repeats/median_is_mean": "median_equals_mean_rate",
		}
		same(t, calibrate(t, "gpt4_repeat_scores.jsonl", "--judge", "/scores"), figures, "gpt4_repeats")
		same(t, calibrate(t, "gpt4_repeat_scores.jsonl", "--judge", "/scores/0", "--judge", "/scores/1", "--judge", "/scores/2"), figures, "gpt4_repeats")
	})
}
