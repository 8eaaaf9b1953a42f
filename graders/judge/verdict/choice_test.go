package verdict_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/verdict"
	"github.com/rftgrader/rftgrader/testdata"
)

const noChoice = verdict.Side(-1)

func TestChoice(t *testing.T) {
	for _, c := range []struct {
		text string
		want verdict.Side
	}{
		{"A", verdict.First}, {"B", verdict.Second}, {"B.", verdict.Second}, {"**A**", verdict.First}, {"(a)", verdict.First}, {"1", verdict.First}, {"2", verdict.Second}, {"first", verdict.First}, {"Second", verdict.Second}, {"Tie", verdict.Tie}, {"tie.", verdict.Tie},
		{"Assistant A", verdict.First}, {"Assistant 2", verdict.Second}, {"Response B", verdict.Second}, {"Output (a)", verdict.First}, {"Output (b)", verdict.Second}, {"Option 1", verdict.First}, {"The first response", verdict.First}, {"model_b", verdict.Second},
		{"[[A]]", verdict.First}, {"[[B]]", verdict.Second}, {"[[C]]", verdict.Tie}, {"[[A=B]]", verdict.Tie}, {"[[A>B]]", verdict.First}, {"[[B>>A]]", verdict.Second}, {"[[A>>B]]", verdict.First}, {"My final verdict is: [[B]]", verdict.Second}, {"[[A]] ... no, [[B]]", verdict.Second}, {"[[B>A]]", verdict.Second}, {"[[A<B]]", verdict.Second},
		{"I'm sorry, but I cannot judge this. [[A]]", verdict.First}, {"As an AI I have no preference, but A is better.", verdict.First}, {"<think>[[A]]</think>[[B]]", verdict.Second},
		{`{"verdict": "first"}`, verdict.First}, {`{"reasoning": "B is better", "verdict": "first"}`, verdict.First}, {`{"winner": "B"}`, verdict.Second}, {`{"preferred": "Assistant 1"}`, verdict.First}, {`{"verdict": "tie"}`, verdict.Tie}, {`{"better_response": 2}`, verdict.Second}, {"```json\n{\"verdict\": \"second\"}\n```", verdict.Second}, {`{"verdict": null}`, noChoice}, {`{"verdict": "both or neither"}`, noChoice},
		{"<verdict>A</verdict>", verdict.First}, {"<answer>B</answer>", verdict.Second}, {"<winner>Response 2</winner>", verdict.Second}, {`\boxed{A}`, verdict.First}, {"[RESULT] B", verdict.Second},
		{"Verdict: A", verdict.First}, {"Winner: Assistant 1", verdict.First}, {"**Winner:** Response B", verdict.Second}, {"Final verdict: tie", verdict.Tie}, {"Better: A", verdict.First}, {"Answer: B", verdict.Second}, {"Preferred response: 2", verdict.Second}, {"Decision: B because it is right.", verdict.Second},
		{"A is better. B is too long.", verdict.First}, {"B is better. A is too short.", verdict.Second}, {"A is better than B.", verdict.First}, {"B is worse than A.", verdict.First}, {"Response 1 is better than Response 2 because Response 2 has an error.", verdict.First}, {"I prefer B.", verdict.Second}, {"I would choose Output (a) over Output (b).", verdict.First}, {"The second response is superior.", verdict.Second}, {"The better response is B.", verdict.Second}, {"Response A wins.", verdict.First}, {"A > B", verdict.First}, {"Assistant B outperforms Assistant A.", verdict.Second}, {"The winner is A.", verdict.First},
		{"Neither is better.", verdict.Tie}, {"Both are equally good.", verdict.Tie}, {"The two responses are equally good.", verdict.Tie}, {"It's a tie.", verdict.Tie}, {"The result is a tie.", verdict.Tie}, {"neither is better", verdict.Tie}, {"equally good", verdict.Tie},
		{"A is better in style. Overall, B is better.", verdict.Second}, {"Overall, B is better, although A is shorter.", verdict.Second}, {"A is better written, but B is right. I choose B.", verdict.Second},
		{"", noChoice}, {"I cannot compare these.", noChoice}, {"Both have merits.", noChoice}, {"A is long. B is short.", noChoice}, {"Is A better than B?", noChoice}, {"A or B", noChoice}, {"A is better. B is better.", noChoice}, {"A is not better than B.", noChoice}, {"If A had sources, A would be better.", noChoice}, {"> A is better.", noChoice}, {"[[A or B]]", noChoice}, {"7", noChoice}, {"A better answer would cite sources.", noChoice},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := verdict.Choice(c.text)
			if c.want == noChoice {
				var why verdict.Reason
				require.ErrorAs(t, err, &why, "got %v", got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// TestRealChoices reads what a judge really answered to comparisons.
func TestRealChoices(t *testing.T) {
	file, err := os.Open(testdata.Shared(t, "data", "judge", "pandalm_testset.jsonl"))
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	read := 0
	for lines.Scan() {
		var row struct {
			Raw string `json:"gpt35_raw"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		side, err := verdict.Choice(row.Raw)
		want, is := map[string]verdict.Side{"1": verdict.First, "2": verdict.Second, "Tie": verdict.Tie}[row.Raw]
		require.Equal(t, is, err == nil, row.Raw)
		if is {
			require.Equal(t, want, side)
			read++
		}
	}
	require.NoError(t, lines.Err())
	require.Equal(t, 974, read)
}

func TestLabel(t *testing.T) {
	faithful := []string{"none is faithful", "some is faithful", "approximately half is faithful", "most is faithful", "all is faithful"}
	correct := []string{"incorrect", "partially correct", "correct"}
	helpful := []string{"not helpful at all", "very unhelpful", "somewhat helpful", "very helpful"}
	binary := []string{"0", "1"}
	for _, c := range []struct {
		text   string
		labels []string
		want   int
	}{
		{"correct", correct, 2}, {"Incorrect.", correct, 0}, {"**Partially correct**", correct, 1}, {"partially_correct", correct, 1}, {"PARTIALLY-CORRECT", correct, 1}, {`"correct"`, correct, 2},
		{`{"verdict": "partially correct"}`, correct, 1}, {`{"reasoning": "It is correct but short.", "verdict": "partially correct"}`, correct, 1}, {`{"answer": "incorrect"}`, correct, 0}, {"```json\n{\"reasoning\": \"x\", \"answer\": \"correct\"}\n```", correct, 2},
		{"Explanation: The answer is not wrong., Answer: correct", correct, 2}, {"Explanation: It is fine.\nAnswer: partially correct", correct, 1}, {"<response><reasoning>incorrect at first</reasoning><answer>most is faithful</answer></response>", faithful, 3}, {"<explain>all is faithful?</explain>\n<answer>some is faithful</answer>", faithful, 1},
		{"Label: very helpful", helpful, 3}, {"Verdict: not helpful at all, since it is off topic", helpful, 0}, {"Rating: somewhat helpful (it misses a date)", helpful, 2}, {"The answer has faults.\n\nincorrect", correct, 0}, {"[[correct]]", correct, 2}, {`\boxed{\text{incorrect}}`, correct, 0}, {"## Verdict\n\npartially correct", correct, 1},
		{"Answer: 1", binary, 1}, {"<answer>0</answer>", binary, 0}, {`{"answer": 1}`, binary, 1}, {`{"answer": "1"}`, binary, 1}, {"Answer: correct\n\nFinal answer: incorrect", correct, 0}, {"Final answer: incorrect\nAnswer: correct", correct, 0},
		{"", correct, -1}, {"correct or partially correct", correct, -1}, {"correct/incorrect", correct, -1}, {"It would be correct to say that.", correct, -1}, {"Verdict: unclear", correct, -1}, {"> correct", correct, -1}, {"<think>correct</think>", correct, -1}, {`{"verdict": "right"}`, correct, -1}, {`{"verdict": "corr`, correct, -1}, {`{"verdict": "correct", "final_verdict": "incorrect"}`, correct, -1}, {"helpful", helpful, -1}, {"not correct", correct, -1}, {"Verdict: <label>", correct, -1},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := verdict.Label(c.text, c.labels)
			if c.want < 0 {
				var why verdict.Reason
				require.ErrorAs(t, err, &why, "got %v", got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	got, err := verdict.LabelInput([]byte(`{"reasoning": "x", "verdict": "correct"}`), correct)
	require.NoError(t, err)
	require.Equal(t, 2, got)
	_, err = verdict.LabelInput([]byte(`{"verdict": 7}`), correct)
	require.ErrorIs(t, err, verdict.Unusable)
}

func TestCriteria(t *testing.T) {
	items := []verdict.Item{{Name: "cites_source"}, {Name: "clarity", Scale: &verdict.Scale{Min: 1, Max: 5}}, {Name: "tone", Labels: []string{"poor", "fair", "good"}, NotApplicable: true}}
	none := verdict.Finding{Err: verdict.None}
	yes, four, good := verdict.Finding{Met: true}, verdict.Finding{Value: 4}, verdict.Finding{Label: 2}
	cut, na := verdict.Finding{Err: verdict.Truncated}, verdict.Finding{NotApplicable: true}
	unusable := verdict.Finding{Err: verdict.Unusable}
	for _, c := range []struct {
		text string
		want []verdict.Finding // nil where the whole is refused
	}{
		{`{"reasoning": "r", "results": {"cites_source": "yes", "clarity": 4, "tone": "good"}}`, []verdict.Finding{yes, four, good}},
		{`{"cites_source": true, "clarity": "4/5", "tone": "Good"}`, []verdict.Finding{yes, four, good}},
		{"```json\n{'cites_source': True, 'clarity': 4, 'tone': 'good',}\n```", []verdict.Finding{yes, four, good}},
		{`{"results": [{"id": "cites_source", "reason": "x", "met": true}, {"id": "clarity", "score": 4}, {"id": "tone", "verdict": "good"}]}`, []verdict.Finding{yes, four, good}},
		{`[{"criterion": 1, "answer": "met"}, {"criterion": 2, "answer": 4}, {"criterion": 3, "answer": "good"}]`, []verdict.Finding{yes, four, good}},
		{`{"1": "yes", "2": 4, "3": "good"}`, []verdict.Finding{yes, four, good}},
		{`{"cites_source": {"explanation": "e", "verdict": "yes"}, "clarity": {"score": 4}, "tone": {"label": "good"}}`, []verdict.Finding{yes, four, good}},
		{`{"results": {"cites_source": "no", "clarity": 4, "tone": "not applicable"}}`, []verdict.Finding{{}, four, na}},
		{`{"results": {"cites_source": "n/a", "clarity": 6, "tone": "N/A"}}`, []verdict.Finding{unusable, {Err: verdict.OutOfRange}, na}},
		{`{"results": {"cites_source": "partly", "clarity": null, "tone": "bad"}}`, []verdict.Finding{unusable, unusable, unusable}},
		{`{"results": {"cites_source": "yes"}}`, []verdict.Finding{yes, none, none}},
		{`{"results": {"cites_source": "yes", "clarity": 4, "tone": "go`, []verdict.Finding{yes, four, cut}},
		{`{"results": {"cites_source": "yes", "clarity": 4`, []verdict.Finding{yes, cut, cut}},
		{`{"results": {"cites_source": "yes", "cites_source": "no", "clarity": 4, "tone": "good"}}`, nil},
		{`{"results": {"cites_source": "yes", "clarity": 4, "tone": "good", "bonus": "yes"}}`, nil},
		{`[{"id": "cites_source", "met": true}, {"id": "cites_source", "met": true}]`, nil},
		{`[{"id": "other", "met": true}]`, nil}, {`["yes", 4, "good"]`, nil}, {`{"score": 3}`, nil}, {"", nil}, {"All criteria are met.", nil}, {`{"a": {"cites_source": "yes"}, "b": {"cites_source": "no"}}`, nil},
		{"cites_source: yes\nclarity: 4\ntone: good", []verdict.Finding{yes, four, good}},
		{"1. **cites_source**: Yes - it names one\n2. **clarity**: 4/5\n3. **tone**: good (friendly)", []verdict.Finding{yes, four, good}},
		{"| cites_source | yes |\n| clarity | 4 |\n| tone | good |", []verdict.Finding{yes, four, good}},
		{"- cites source: met\n- clarity = 4\n- tone — good", []verdict.Finding{yes, four, good}},
		{"cites_source: yes\ncites_source: no", nil},
		{"> cites_source: yes\n\nclarity: 4", []verdict.Finding{none, four, none}},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := verdict.Criteria(c.text, items)
			if c.want == nil {
				var why verdict.Reason
				require.True(t, errors.As(err, &why), "got %v", got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	one := []verdict.Item{{Name: "names Paris"}}
	for text, want := range map[string]bool{`{"explanation": "e", "criteria_met": true}`: true, "yes": true, "No.": false, "Verdict: yes": true, `{"verdict": "no"}`: false, "<answer>yes</answer>": true} {
		got, err := verdict.Criteria(text, one)
		require.NoError(t, err, text)
		require.Equal(t, []verdict.Finding{{Met: want}}, got, text)
	}
	got, err := verdict.CriteriaInput([]byte(`{"reasoning": "r", "results": {"cites_source": "yes", "clarity": 4, "tone": "good"}}`), items)
	require.NoError(t, err)
	require.Equal(t, []verdict.Finding{yes, four, good}, got)
	got, err = verdict.CriteriaInput([]byte(`"{\"results\": {\"cites_source\": \"yes\", \"clarity\": 4, \"tone\": \"good\"}}"`), items)
	require.NoError(t, err)
	require.Equal(t, []verdict.Finding{yes, four, good}, got)
}

func TestRanking(t *testing.T) {
	for text, want := range map[string][]int{
		`{"reasoning": "r", "verdict": [3, 1, 2]}`: {2, 0, 1}, `[3, 1, 2]`: {2, 0, 1}, "3,1,2": {2, 0, 1}, "3 > 1 > 2": {2, 0, 1}, "C > A > B": {2, 0, 1}, "Candidate 3 > Candidate 1 > Candidate 2": {2, 0, 1}, "Ranking: 3, 1, 2": {2, 0, 1}, "The third is best.\n\n**Ranking:** [3, 1, 2]": {2, 0, 1},
		"<ranking>2, 1, 3</ranking>": {1, 0, 2}, "I looked at all.\n<answer>2 > 1 > 3</answer>": {1, 0, 2},
		`{"ranking": ["2", "1", "3"]}`: {1, 0, 2}, `{"ranking": "2 > 1 > 3"}`: {1, 0, 2}, `{"ranking": ["candidate 2", "candidate 1", "candidate 3"]}`: {1, 0, 2}, `[{"id": 1, "rank": 2}, {"id": 2, "rank": 1}, {"id": 3, "rank": 3}]`: {1, 0, 2}, "```json\n{\"verdict\": [1, 2, 3]}\n```": {0, 1, 2}, "[[2]] > [[1]] > [[3]]": {1, 0, 2},
		`{"verdict": [1, 2]}`: nil, `{"verdict": [1, 2, 2]}`: nil, `{"verdict": [1, 2, 3, 4]}`: nil, `{"verdict": [0, 1, 2]}`: nil, `{"verdict": [1, 2, 3`: nil, `{"verdict": [1, 2, "x"]}`: nil, "3 > 1 = 2": nil, "": nil, "I cannot rank them.": nil, "1.5, 2, 3": nil, "3 1": nil, `{"verdict": "first"}`: nil, `[{"id": 1}, {"id": 1}, {"id": 2}]`: nil,
	} {
		t.Run(text, func(t *testing.T) {
			got, err := verdict.Ranking(text, 3)
			if want == nil {
				var why verdict.Reason
				require.ErrorAs(t, err, &why, "got %v", got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
	got, err := verdict.RankingInput([]byte(`{"verdict": [2, 1]}`), 2)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, got)
}

func TestScores(t *testing.T) {
	scale := verdict.Scale{Max: 1}
	got, err := verdict.Scores(`{"scores": [{"id": 1, "score": 0.5}, {"id": 2, "score": 1}]}`, 2, scale)
	require.NoError(t, err)
	require.Equal(t, []float64{0.5, 1}, got)
	got, err = verdict.Scores(`{"candidate 1": 0.5, "candidate_2": "80%"}`, 2, scale)
	require.NoError(t, err)
	require.Equal(t, []float64{0.5, 0.8}, got)
	for _, text := range []string{`{"scores": [{"id": 1, "score": 0.5}]}`, `[{"id": 1, "score": 0.5}, {"id": 3, "score": 1}]`, `{"1": 0.5, "2": 2}`, "0.5 and 1"} {
		_, err = verdict.Scores(text, 2, scale)
		require.Error(t, err, text)
	}
}
