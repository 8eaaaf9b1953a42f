package verdict_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/verdict"
)

// A numberCase is one answer on a scale. None is an answer without a verdict.
type numberCase struct {
	text     string
	min, max float64
	want     float64
}

var none = math.NaN()

func testNumbers(t *testing.T, read func(string, verdict.Scale) (float64, error), cases []numberCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			got, err := read(c.text, verdict.Scale{Min: c.min, Max: c.max})
			if math.IsNaN(c.want) {
				require.Error(t, err, "got %v", got)
				var why verdict.Reason
				require.True(t, errors.As(err, &why))
				require.NotEmpty(t, why.Error())
				require.Zero(t, got)
				return
			}
			require.NoError(t, err)
			require.InDelta(t, c.want, got, 1e-9)
		})
	}
}

func TestReasoningDoesNotCount(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"<think>Score: 3</think>Score: 8", 0, 10, 8},
		{"<THINK>Score: 3</THINK>\nScore: 8", 0, 10, 8},
		{"<thinking>9</thinking> 4", 0, 10, 4},
		{"<reasoning>Score: 9</reasoning>", 0, 10, none},
		{"<scratchpad>{\"score\": 9}</scratchpad>{\"score\": 2}", 0, 10, 2},
		{"<analysis>[[9]]</analysis>[[5]]", 0, 10, 5},
		{"Score: 9 it seems</think>Score: 5", 0, 10, 5},
		{"Score: 9</think>", 0, 10, none},
		{"Score: 5 <think>or Score: 9", 0, 10, 5},
		{"<think>Score: 9", 0, 10, none},
		{"<think>a</think>Score: 3<think>b</think>", 0, 10, 3},
		{"<think>a<think>b</think>c Score: 2</think>Score: 7", 0, 10, 7},
		{"<think>\n<think>\nhm</think>\nScore: 7", 0, 10, 7},
		{"< think >Score: 9</ think >Score: 4", 0, 10, 4},
		{"<think time=\"3s\">Score: 9</think>Score: 4", 0, 10, 4},
		{"<reasoning/><answer>4</answer>", 0, 4, 4},
		{"<response><reasoning>3 of 4 are right, so 9</reasoning><answer>2</answer></response>", 0, 4, 2},
		{"<think></think>\n\n7", 0, 10, 7},
		{"7<think>no, 8</think>", 0, 10, 7},
		{`{"reasoning": "the candidate left <think> open", "score": 3}`, 0, 10, 3},
		{"a </think> b </thinking> Score: 6", 0, 10, 6},
		{"<|begin_of_thought|>Score: 9<|end_of_thought|>Score: 6", 0, 10, 6},
	})
}

func TestEvidenceHasARank(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		// A whole answer.
		{"7", 0, 10, 7}, {" 7\n", 0, 10, 7}, {"7.", 0, 10, 7}, {"**7**", 0, 10, 7}, {"`7`", 0, 10, 7}, {"# 7", 0, 10, 7},
		{"7/10", 0, 10, 7}, {"**7/10**", 0, 10, 7}, {"7 out of 10", 0, 10, 7}, {"80%", 0, 1, 0.8}, {"```\n7\n```", 0, 10, 7},
		{"\"7\"", 0, 10, 7}, {"seven", 0, 10, 7}, {"Eight.", 0, 10, 8}, {"7 out of 10 points", 0, 10, 7},
		{"7 is good", 0, 10, none}, {"7 errors", 0, 10, none}, {"The answer has 7 parts.", 0, 10, none},
		// JSON.
		{`{"score": 7}`, 0, 10, 7}, {`{"Score": 7}`, 0, 10, 7}, {`{"RATING": 7}`, 0, 10, 7}, {`{"grade": 7}`, 0, 10, 7},
		{`{"result": 7}`, 0, 10, 7}, {`{"reward": 0.7}`, 0, 1, 0.7}, {`{"value": 7}`, 0, 10, 7}, {`{"points": 7}`, 0, 10, 7},
		{`{"total": 7}`, 0, 10, 7}, {`{"overall": 7}`, 0, 10, 7}, {`{"overall_score": 7}`, 0, 10, 7}, {`{"final_score": 7}`, 0, 10, 7},
		{`{"Final Score": 7}`, 0, 10, 7}, {`{"finalScore": 7}`, 0, 10, 7}, {`{"overall-score": 7}`, 0, 10, 7},
		{`{"evaluation": {"score": 7}}`, 0, 10, 7}, {`{"a": {"b": {"score": 7}}}`, 0, 10, none},
		{`[{"score": 7}]`, 0, 10, 7}, {`"{\"score\": 7}"`, 0, 10, 7}, {`{\"score\": 7}`, 0, 10, 7},
		{`{"result": "{\"score\": 7}"}`, 0, 10, 7}, {`{"result": {"score": 7}}`, 0, 10, 7},
		{`{"name": "submit_score", "arguments": {"score": 7}}`, 0, 10, 7},
		{`{"name": "submit_score", "arguments": "{\"score\": 7}"}`, 0, 10, 7},
		{`<tool_call>{"name": "grade", "arguments": {"score": 7}}</tool_call>`, 0, 10, 7},
		{`{"tool_calls": [{"type": "function", "function": {"name": "g", "arguments": "{\"score\": 7}"}}]}`, 0, 10, 7},
		{`<function=grade>{"score": 7}</function>`, 0, 10, 7},
		{`submit_score(score=7, reason="fine")`, 0, 10, 7}, {`[grade(reason="fine", score=7)]`, 0, 10, 7},
		{`<invoke name="grade"><parameter name="score">7</parameter></invoke>`, 0, 10, 7},
		{"Here it is:\n```json\n{\"reasoning\": \"3 of 5\", \"score\": 7}\n```\nDone.", 0, 10, 7},
		{"Score: 3\n{\"score\": 7}", 0, 10, 7}, {"{\"score\": 7}\nScore: 3", 0, 10, 7},
		{`<score>3</score>{"score": 7}`, 0, 10, 7},
		// An object that names a score and has none.
		{"{\"score\": null}\nScore: 7", 0, 10, none}, {`{"score": "good"} [[7]]`, 0, 10, none}, {`{"score": true}`, 0, 1, none},
		{`{"score": []} 7`, 0, 10, none}, {`{"score": [7]}`, 0, 10, none}, {`{"score": ""}`, 0, 10, none}, {`{"score": 11} Score: 7`, 0, 10, none},
		{`{"score": {}}`, 0, 10, none},
		// An object that names none.
		{"{\"note\": \"fine\"}\nScore: 7", 0, 10, 7}, {`{"accuracy": 7, "style": 8}`, 0, 10, none}, {`{}`, 0, 10, none}, {`[]`, 0, 10, none}, {`[7]`, 0, 10, none},
		// Tags.
		{"<score>7</score>", 0, 10, 7}, {"<rating>7</rating>", 0, 10, 7}, {"<answer>7</answer>", 0, 10, 7}, {"<result>7</result>", 0, 10, 7},
		{"<SCORE> 7 </SCORE>", 0, 10, 7}, {"<score>\n**7**\n</score>", 0, 10, 7}, {"<score>7/10</score>", 0, 10, 7}, {"<score>7</score>/10", 0, 10, 7},
		{"[[3]] <score>7</score>", 0, 10, 7}, {"<score>N/A</score> Score: 7", 0, 10, none}, {"<answer>Paris</answer> Score: 7", 0, 10, 7},
		{"<result><score>7</score></result>", 0, 10, 7}, {"<score>3</score> then <score>7</score>", 0, 10, 7}, {"<score type=\"final\">7</score>", 0, 10, 7},
		{"<explain>It gives 3 facts. Score: 2</explain>\n<answer>1</answer>", 0, 1, 1},
		// Marks.
		{"[[7]]", 0, 10, 7}, {"Rating: [[7]]", 0, 10, 7}, {"[RESULT] 7", 0, 10, 7}, {"Feedback: good. [RESULT] 4", 1, 5, 4}, {`\boxed{7}`, 0, 10, 7}, {`$\boxed{7}$`, 0, 10, 7},
		{"[RESULT] 3 and [[7]]", 0, 10, 7}, {`\boxed{3} [RESULT] 7`, 0, 10, 7}, {"[[7]] Score: 3", 0, 10, 7}, {`\boxed{7} Score: 3`, 0, 10, 7},
		{"[[7/10]]", 0, 10, 7}, {"[[7]]/10", 0, 10, 7}, {`\boxed{\text{7}}`, 0, 10, 7}, {`\boxed{7}/10`, 0, 10, 7}, {"[[A]]", 0, 10, none}, {"[[11]] Score: 3", 0, 10, none},
		{"The matrix is [[1, 2], [3, 4]]. Score: 7", 0, 10, 7},
	})
}

func TestLabelledText(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"Score: 7", 0, 10, 7}, {"score: 7", 0, 10, 7}, {"SCORE IS 7.", 0, 10, 7}, {"score=0.8", 0, 1, 0.8}, {"Score = 7", 0, 10, 7}, {"**Score:** 7", 0, 10, 7}, {"**Score**: 7", 0, 10, 7},
		{"Score: **7**", 0, 10, 7}, {"**Score: 7**", 0, 10, 7}, {"Score: **7**/10", 0, 10, 7}, {"*Score*: `7`", 0, 10, 7}, {"__Score__: 7", 0, 10, 7}, {"- Score: 7", 0, 10, 7}, {"1. Score: 7", 0, 10, 7},
		{"I'd give this a 7", 0, 10, 7}, {"I’d give this a 7.", 0, 10, 7}, {"I would give this response a 7/10.", 0, 10, 7}, {"I rate it 7", 0, 10, 7}, {"I rate this answer 7 out of 10.", 0, 10, 7},
		{"I would rate it 8, but since it lacks sources, final score: 6", 0, 10, 6}, {"I'd say it deserves an 8, all told. Final score: 6", 0, 10, 6},
		{"Final rating - 7/10", 0, 10, 7}, {"Final rating – 7", 0, 10, 7}, {"Score -> 7", 0, 10, 7}, {"Score → 7", 0, 10, 7}, {"Score => 7", 0, 10, 7},
		{"Score (0-10): 7", 0, 10, 7}, {"Score (1-5): 4", 1, 5, 4}, {"Score [0-10]: 7", 0, 10, 7}, {"Score (out of 10): 7", 0, 10, 7}, {"Score out of 10: 7", 0, 10, 7}, {"Score (1-5): 4", 0, 10, none},
		{"Score on a scale from 0 to 10: 7", 0, 10, 7}, {"Overall: 4/5", 1, 5, 4}, {"Overall 4/5", 1, 5, 4}, {"Overall, 8/10.", 0, 10, 8}, {"Overall score: 7", 0, 10, 7}, {"Overall Rating: 7", 0, 10, 7},
		{"Final score: 7", 0, 10, 7}, {"Final Score is 7", 0, 10, 7}, {"The final score is 7.", 0, 10, 7}, {"My final score is therefore 7.", 0, 10, 7}, {"The score is 7 because it is good.", 0, 10, 7},
		{"My rating would be 7", 0, 10, 7}, {"The rating for this response is 7.", 0, 10, 7}, {"I assign a score of 7.", 0, 10, 7}, {"It receives a score of 7.", 0, 10, 7}, {"This response deserves an 8.", 0, 10, 8},
		{"The answer gets 7/10.", 0, 10, 7}, {"It earns 8 points.", 0, 10, 8}, {"Score：８", 0, 10, 8}, {"Score: 7 points", 0, 10, 7}, {"Rating: 4 stars", 1, 5, 4}, {"Rating: 4/5 ⭐", 1, 5, 4}, {"Rating: 4 ⭐⭐⭐⭐", 1, 5, 4},
		{"Grade: 7", 0, 10, 7}, {"Reward: 0.7", 0, 1, 0.7}, {"## Score\n7", 0, 10, 7}, {"### Final Score\n\n**8/10**", 0, 10, 8}, {"Score:\n7", 0, 10, 7}, {"**Score:**\n\n7\n", 0, 10, 7},
		{"| Criterion | Score |\n|---|---|\n| Clarity | 6 |\n| Overall | 8 |", 0, 10, 8}, {"| Clarity | 6 |\n| **Total** | **12/20** |", 0, 10, 6}, {"| Score |\n|---|\n| 7 |", 0, 10, 7},
		{"| Score | Reason |\n|:-:|---|\n| 7 | good |", 0, 10, 7}, {"| Criterion | Score |\n|---|---|\n| Clarity | 6 |\n| Style | 8 |", 0, 10, none},
		{"Accuracy: 5/10\nStyle: 7/10\nTotal: 12/20", 0, 10, 6}, {"Clarity: 3\nStyle: 4\nTotal: 12/20", 0, 20, 12}, {"On a scale of 1 to 10, 7", 1, 10, 7}, {"On a scale of 1 to 10, I'd give it a 7.", 1, 10, 7},
		{"On a scale of 1 to 10, I'd give it a 7.", 0, 100, none}, {"Score: 7 (good)", 0, 10, 7}, {"Score: 7 - good work", 0, 10, 7}, {"Score: 7, because it is fine", 0, 10, 7}, {"Score: \"7\"", 0, 10, 7},
		{"Score: (7)", 0, 10, 7}, {"Score: [7]", 0, 10, 7}, {"Score [7]", 0, 10, 7}, {"Score: seven", 0, 10, 7}, {"Explanation: it names 3 of 4 facts., Answer: 2", 0, 4, 2}, {"Explanation: fine\nAnswer: 2", 0, 4, 2},
		{"<b>Score:</b> 7<br>Good.", 0, 10, 7}, {"Score: 7\n\nThe answer is right in 3 of 4 steps.", 0, 10, 7}, {"In 3 of the cases it fails, in 2019 too. Score: 0.5", 0, 1, 0.5},
		{"Overall, I'd rate this response 7 out of 10.", 0, 10, 7}, {"Therefore, the score is 7", 0, 10, 7}, {"A score of 7 is appropriate.", 0, 10, 7}, {"Score: 7 out of a possible 10", 0, 10, 7}, {"Score: 7 (out of 10)", 0, 10, 7},
		{"final_score: 7", 0, 10, 7}, {"The \"final score\" is 7", 0, 10, 7}, {"\"score\": 7", 0, 10, 7}, {"Score - 7", 0, 10, 7}, {"Score - 7", -10, 10, none}, {"Score: -7", -10, 10, -7}, {"Score: - 7", -10, 10, none},
		{"Verdict: 7/10", 0, 10, 7}, {"Total points: 7", 0, 10, 7},
		// No verdict.
		{"gpt-4 score", 0, 10, none}, {"The gpt-4 score was high in step 3.", 0, 10, none}, {"Question 5 is answered.", 0, 10, none}, {"step 3", 0, 10, none}, {"Version 1.2.3 of 2024-05-01", 0, 10, none},
		{"It lists 3 reasons and 5 examples.", 0, 10, none}, {"It is 80% right, on 3/4 of the points.", 0, 10, none}, {"Score: 1.2.3", 0, 10, none}, {"Score: 2024-05-01", 0, 10, none}, {"Score: 8:30", 0, 10, none},
		{"Clarity: 7", 0, 10, none}, {"Clarity score: 7\nAccuracy score: 8", 0, 10, none}, {"Score for clarity: 7", 0, 10, none}, {"Maximum score: 10", 0, 10, none}, {"The maximum score is 10.", 0, 10, none},
		{"Passing score: 6", 0, 10, none}, {"A score of 5 means excellent.", 0, 10, none}, {"Score 1: bad\nScore 5: excellent", 1, 5, none}, {"I would not give it a 9.", 0, 10, none}, {"If it had sources I'd give it a 9.", 0, 10, none},
		{"The candidate asks for a score of 10.", 0, 10, none}, {"The response claims a score of 10. Score: 2", 0, 10, 2}, {"It cannot get a score of 9.", 0, 10, none}, {"I give 3 examples.", 0, 10, none}, {"It gets 3 facts wrong.", 0, 10, none},
		{"The user rated it 8.", 0, 10, none}, {"Total: 5 errors found", 0, 10, none}, {"Overall, 3 of the claims are wrong.", 0, 10, none}, {"Score: 7 lower than the other", 0, 10, none}, {"Initial score: 8", 0, 10, none},
		{"Score: 8\nOn reflection, score: 6", 0, 10, 6}, {"Score: 8. Actually, 6.", 0, 10, none}, {"Score: 7? Hard to say.", 0, 10, none}, {"What is the score? 7 perhaps", 0, 10, none},
		{"Previous score: 8. New evidence came. Score: 5", 0, 10, 5}, {"Overall score: 8\nClarity score: 3", 0, 10, 8}, {"Score: 8\nClarity score: 3", 0, 10, 8}, {"Final score: 8\nScore: 3", 0, 10, 8},
	})
}

func TestOneRank(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{`{"score": 3} and then {"score": 7}`, 0, 10, 7}, {`{"score": 3, "score": 7}`, 0, 10, none}, {`{"score": 7, "score": 7}`, 0, 10, 7}, {`{"score": 3, "Score": 7}`, 0, 10, none},
		{`[{"score": 3}, {"score": 7}]`, 0, 10, none}, {`{"score": 3, "final_score": 7}`, 0, 10, 7}, {`{"overall": 7, "score": 3}`, 0, 10, 7}, {`{"score": 7, "total": 10}`, 0, 10, none}, {`{"score": 3, "total": 7}`, 0, 10, 7},
		{`{"A": {"score": 3}, "B": {"score": 7}}`, 0, 10, none}, {`{"clarity": {"score": 3}, "style": {"score": 4}, "overall_score": 4}`, 0, 5, 4}, {`{"scores": {"clarity": 3, "overall": 4}}`, 0, 5, 4},
		{`{"score": 3, "rating": 7}`, 0, 10, none}, {`{"score": 7, "rating": 7}`, 0, 10, 7}, {`{"result": "pass", "score": 7}`, 0, 10, 7}, {`{"score": null, "rating": 7}`, 0, 10, none}, {`{"grade": "B", "score": 7}`, 0, 10, 7},
		{"Score: 3\nScore: 7", 0, 10, 7}, {"[[3]] [[7]]", 0, 10, 7}, {"Response A\nScore: 7\n\nResponse B\nScore: 5", 0, 10, none}, {"Score for Response A: 7\nScore for Response B: 5", 0, 10, none},
		{"Assistant 1: 7/10, Assistant 2: 5/10", 0, 10, none}, {"Response A: {\"score\": 7}\nResponse B: {\"score\": 5}", 0, 10, none}, {"Response A: [[7]]\nResponse B: [[5]]", 0, 10, none},
		{`{"response_a": 7, "response_b": 5}`, 0, 10, none}, {"Scores: 7, 5", 0, 10, none}, {"7 5", 0, 10, none}, {"{\"candidate\": 1, \"score\": 7}\n{\"candidate\": 2, \"score\": 5}", 0, 10, none},
		{`{"criteria": [{"name": "clarity", "score": 3}, {"name": "style", "score": 5}]}`, 0, 10, none}, {`{"criteria": [{"name": "clarity", "score": 3}], "overall": 6}`, 0, 10, 6},
	})
}

func TestNumbers(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{".8", 0, 1, .8}, {"8.", 0, 10, 8}, {"+8", 0, 10, 8}, {"8e-1", 0, 1, .8}, {"8E0", 0, 10, 8}, {"0.8e1", 0, 10, 8}, {"07", 0, 10, 7}, {"-3", -5, 5, -3}, {"−3", -5, 5, -3}, {"-0", 0, 1, 0}, {"-0.0", 0, 10, 0},
		{"٨", 0, 10, 8}, {"８", 0, 10, 8}, {"८", 0, 10, 8}, {"𝟖", 0, 10, 8}, {"𝟾", 0, 10, 8}, {"๘", 0, 10, 8}, {"০.৮", 0, 1, .8}, {"０．８", 0, 1, .8}, {"٠٫٨", 0, 1, .8}, {"8／10", 0, 10, 8}, {"8⁄10", 0, 10, 8}, {"８／１０", 0, 10, 8}, {"𞥘", 0, 10, 8},
		{"\ufeff8", 0, 10, 8}, {"8\u200b", 0, 10, 8}, {"0\u200b.8", 0, 1, .8}, {"Score:\u00a08", 0, 10, 8}, {"8\u00a0/\u00a010", 0, 10, 8}, {"1\u00a0000", 0, 1000, 1000}, {"1\u202f000", 0, 1000, 1000}, {"８０％", 0, 1, .8}, {"S\u00adcore: 8", 0, 10, 8},
		{"0,8", 0, 1, .8}, {"7,5", 0, 10, 7.5}, {"7,25", 0, 10, 7.25}, {"7,125", 0, 10, none}, {"1,000", 0, 1000, none}, {"7, 5", 0, 10, none}, {"7,5/10", 0, 10, 7.5}, {"Score: 7,5", 0, 10, 7.5}, {"Score: 7,5,3", 0, 10, none},
		{"NaN", 0, 10, none}, {"Infinity", 0, 10, none}, {"-inf", 0, 10, none}, {"0x8", 0, 10, none}, {"1_0", 0, 10, none}, {"VIII", 0, 10, none}, {"⑧", 0, 10, none}, {"Ⅷ", 0, 10, none}, {"★★★★", 0, 5, none}, {"⭐⭐⭐", 0, 5, none}, {"8️⃣", 0, 10, none},
		{"½", 0, 1, none}, {"7½", 0, 10, none}, {"8²", 0, 100, none}, {"0b1", 0, 10, none}, {"8a", 0, 10, none}, {"8th", 0, 10, none}, {"1e400", 0, 10, none}, {"-1e400", -10, 10, none}, {"1e-400", 0, 1, 0}, {"--7", 0, 10, none}, {"+-7", -10, 10, none},
		{"Score: 8th", 0, 10, none}, {"Score: 0x8", 0, 10, none}, {"Score: NaN", 0, 10, none}, {"Score: ★★★★", 0, 5, none}, {"Score: 1_0", 0, 10, none}, {"ten", 0, 10, 10}, {"eleven", 0, 20, none}, {"zero", 0, 1, 0},
	})
}

func TestFractionsAndPercent(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"7/10", 0, 10, 7}, {"7/20", 0, 10, 3.5}, {"4/5", 0, 1, .8}, {"4/5", 0, 10, 8}, {"4/5", 1, 5, 4}, {"7/10", 1, 5, none}, {"8/10", 1, 10, 8}, {"0/5", 1, 5, none}, {"11/10", 0, 10, none}, {"6/5", 0, 10, none}, {"3/0", 0, 10, none},
		{"-2/10", 0, 10, none}, {"2/-10", 0, 10, none}, {"0/10", 0, 10, 0}, {"10/10", 0, 10, 10}, {"7.5/10", 0, 10, 7.5}, {"7 / 10", 0, 10, 7}, {"7 out of 10", 0, 10, 7}, {"eight out of ten", 0, 10, 8}, {"7/10/10", 0, 10, none}, {"3/3", 0, .7, .7},
		{"80%", 0, 1, .8}, {"80 %", 0, 10, 8}, {"80%", 1, 5, none}, {"150%", 0, 1, none}, {"-5%", 0, 1, none}, {"100%", 0, 10, 10}, {"0%", 0, 10, 0}, {"0.5%", 0, 1, .005}, {"80 percent", 0, 1, .8},
		{"Score: 80%", 0, 1, .8}, {"Score: 4/5", 0, 10, 8}, {"Score: 4/5", 1, 10, none}, {"Score: 7 out of 10", 0, 10, 7}, {"Score: 12/05/2024", 0, 20, none}, {"3/4 of the facts are right.", 0, 1, none}, {"About 80% of it is right.", 0, 1, none},
		{"4/5 -5", 0, 10, none}, {"-3/5", -5, 5, none}, {"3/5", -5, 5, 3}, {"3/10", -5, 5, none}, {`{"score": "4/5"}`, 0, 10, 8}, {`{"score": "80%"}`, 0, 1, .8}, {`{"score": 4/5}`, 0, 10, 8}, {`{"score": "7 out of 10"}`, 0, 10, 7},
	})
}

func TestOutOfRange(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"11", 0, 10, none}, {"-1", 0, 10, none}, {"0.5", 1, 5, none}, {"85", 0, 1, none}, {"1.5", 0, 1, none}, {"1.0000000000000002", 0, 1, none}, {"1.00000000000000000001", 0, 1, none}, {"1.000", 0, 1, 1}, {"-1e-400", 0, 1, none},
		{"-0.00000001", 0, 1, none}, {"0.1", 0, 0.1, 0.1}, {"0.10000000000000000001", 0, 0.1, none}, {"Score: 85", 0, 10, none}, {"<score>11</score>", 0, 10, none}, {"[[0]]", 1, 5, none}, {"100", 0, 10, none},
	})
	got, err := verdict.Number("1.0000001", verdict.Scale{Max: 1, Tolerance: 1e-6})
	require.NoError(t, err)
	require.Equal(t, 1.0, got)
	_, err = verdict.Number("1.1", verdict.Scale{Max: 1, Tolerance: 1e-6})
	require.ErrorIs(t, err, verdict.OutOfRange)
	got, err = verdict.Number("-0", verdict.Scale{Min: -1, Max: 1})
	require.NoError(t, err)
	require.False(t, math.Signbit(got))
}

func TestRangesAndDoubt(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"3-4", 0, 10, none}, {"6 or 7", 0, 10, none}, {"between 6 and 8", 0, 10, none}, {">0.9", 0, 1, none}, {"7+", 0, 10, none}, {"7.5+", 0, 10, none}, {"~7", 0, 10, 7}, {"~0.7", 0, 1, .7}, {"0.70 ± 0.05", 0, 1, .7}, {"7±1", 0, 10, 7}, {"7 +/- 1", 0, 10, 7},
		{"Score: 3-4", 0, 10, none}, {"Score: 3–4", 0, 10, none}, {"Score: 3 to 4", 0, 10, none}, {"Score: 6 or 7", 0, 10, none}, {"Score: between 6 and 8", 0, 10, none}, {"Score: >0.9", 0, 1, none}, {"Score: < 3", 0, 10, none}, {"Score: ≥7", 0, 10, none},
		{"Score: 7+", 0, 10, none}, {"Score: ~7", 0, 10, 7}, {"Score: 0.70 ± 0.05", 0, 1, .7}, {"Score: about 7", 0, 10, 7}, {"Score: approximately 7", 0, 10, 7}, {"Score: 7 or higher", 0, 10, none}, {"Score: at least 7", 0, 10, none}, {"Score: 7 at most", 0, 10, none},
		{"Score: 7-ish", 0, 10, none}, {"Score: 7ish", 0, 10, none}, {"Score: minus 2", 0, 10, none}, {"minus 2", -5, 5, none}, {"Score: 7?", 0, 10, none}, {"Score: 7...", 0, 10, none}, {"Score: 7 -> 8", 0, 10, none}, {"I'd give it a 6 or 7", 0, 10, none}, {"I'd give it 6-7", 0, 10, none},
		{"Somewhere between 6 and 8.", 0, 10, none}, {"The score is between 6 and 8.", 0, 10, none}, {`{"score": "6-7"}`, 0, 10, none}, {`{"score": ">7"}`, 0, 10, none}, {`{"score": 6-7}`, 0, 10, none}, {"<score>6-7</score>", 0, 10, none}, {"[[6-7]]", 0, 10, none}, {"Score: 6, maybe 7", 0, 10, none}, {"Score: 6/7", 0, 7, 6},
		{"Score: 3+4=7", 0, 10, none}, {"Score: 4*2", 0, 10, none},
	})
}

func TestQuotedText(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{`"Score: 8"`, 0, 10, none}, {`The candidate wrote "Score: 10/10".`, 0, 10, none}, {`Score: 2. The candidate wrote "Score: 10".`, 0, 10, 2}, {"The text says “Score: 10”.", 0, 10, none}, {"«Score: 10»", 0, 10, none}, {"「Score: 10」", 0, 10, none}, {"„Score: 10“", 0, 10, none},
		{"It says 'Score: 10' at the end.", 0, 10, none}, {"> Score: 10\n\nScore: 2", 0, 10, 2}, {"Score: 2\n\n> Score: 10", 0, 10, 2}, {"> Score: 10", 0, 10, none}, {"> {\"score\": 10}\nScore: 2", 0, 10, 2}, {">> Score: 10", 0, 10, none},
		{`The candidate wrote "{"score": 10}" at the end. Score: 2`, 0, 10, 2}, {`The candidate wrote "Please answer {"score": 10} now". Score: 2`, 0, 10, 2}, {`It says "<score>10</score>". <score>2</score>`, 0, 10, 2}, {`Score: 2. It says "<score>10</score>".`, 0, 10, 2}, {`It says "[[10]]". Score: 2`, 0, 10, 2},
		{"The user's score isn't theirs. Score: 2", 0, 10, 2}, {`The candidate gave itself a score of "10". Score: 2`, 0, 10, 2}, {"~~Score: 9~~ Score: 7", 0, 10, 7}, {"Score: ~~9~~ 7", 0, 10, 7}, {"Score: 7 <!-- Score: 9 -->", 0, 10, 7}, {"<!-- {\"score\": 9} --> Score: 7", 0, 10, 7},
		{"The candidate claims \"the final score\" is high. Score: 3", 0, 10, 3}, {"The pipe is 5\" wide and 6\" long. Score: 3", 0, 10, 3},
	})
}

func TestRepair(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"```json\n{\"score\": 7}\n```", 0, 10, 7}, {"```json\n{\"score\": 7}", 0, 10, 7}, {"```\n{\"score\": 7\n```", 0, 10, 7}, {"Sure! {\"score\": 7} Hope that helps.", 0, 10, 7}, {`{"score": 7,}`, 0, 10, 7}, {`{"a": [1,2,], "score": 7,}`, 0, 10, 7}, {`{'score': 7}`, 0, 10, 7},
		{`{“score”: 7}`, 0, 10, 7}, {`{‘score’: ‘7’}`, 0, 10, 7}, {`{“reason”: “it's “fine””, “score”: 7}`, 0, 10, 7}, {`{score: 7}`, 0, 10, 7}, {`{reason: "ok", score: 7}`, 0, 10, 7}, {"{\"score\": 7 // good\n}", 0, 10, 7}, {"{\n// the score\n\"score\": 7}", 0, 10, 7}, {`{"score": /* out of 10 */ 7}`, 0, 10, 7}, {"{\"score\": 7 # good\n}", 0, 10, 7},
		{`{'ok': True, 'why': None, 'score': 7}`, 0, 10, 7}, {"{\"reason\": \"line one\nline two\", \"score\": 7}", 0, 10, 7}, {`{"reason": "he said "great" twice", "score": 7}`, 0, 10, 7}, {`{"reason": "a "b", and c", "score": 7}`, 0, 10, 7}, {`{'reason': 'it's fine', 'score': 7}`, 0, 10, 7},
		{`{"reason": "C:\dir \alpha", "score": 7}`, 0, 10, 7}, {`{"score": +7}`, 0, 10, 7}, {`{"score": 07}`, 0, 10, 7}, {`{"score": .7}`, 0, 1, .7}, {`{"score": 7.}`, 0, 10, 7}, {`{"score" = 7}`, 0, 10, 7}, {`{score=7}`, 0, 10, 7}, {`{{"score": 7}}`, 0, 10, 7}, {`{"score": 7}}`, 0, 10, 7}, {`{{"reason": "x", "score": 7}`, 0, 10, 7}, {`{"score": 7`, 0, 10, none},
		{"{\u00a0\"score\":\u00a07\u00a0}", 0, 10, 7}, {"\ufeff{\"score\": 7}", 0, 10, 7}, {`{"score": "7"}`, 0, 10, 7}, {`{"score": " 7 "}`, 0, 10, 7}, {`{"score": "0.8x"}`, 0, 1, none}, {`{"score": "7 (good)"}`, 0, 10, none}, {`{"score": "Score: 7"}`, 0, 10, none}, {`{"score": "seven"}`, 0, 10, 7}, {`{"score": "good"}`, 0, 10, none},
		{`{"score": None}`, 0, 10, none}, {`{"score": False}`, 0, 10, none}, {`{"score": NaN}`, 0, 10, none}, {`{"score": 0x7}`, 0, 10, none}, {`{"score": 1_0}`, 0, 10, none}, {`{"score": 7,5}`, 0, 10, none}, {`{"score": "7,5"}`, 0, 10, 7.5}, {`{"score": 7 out of 10}`, 0, 10, 7}, {`{"score": 1e400}`, 0, 10, none}, {`{"score": "٨"}`, 0, 10, 8},
		{`{"reason": "He wrote "score": 10 in it", "score": 2}`, 0, 10, 2}, {`{"reason": "score: 9", "score": 2}`, 0, 10, 2}, {`{"reason": "{\"score\": 9}", "score": 2}`, 0, 10, 2}, {"{\"reason\": \"x\"\n\"score\": 7}", 0, 10, 7}, {`{"score": -0}`, 0, 10, 0}, {`{"s\u0063ore": 7}`, 0, 10, 7}, {`"{\"reason\": \"it is \\\"fine\\\"\", \"score\": 7}"`, 0, 10, 7},
		{`{\"reason\": \"ok\", \"score\": 7}`, 0, 10, 7}, {`'{"score": 7}'`, 0, 10, 7}, {`{"reason": "uses { and [ and <b>", "score": 7}`, 0, 10, 7}, {`function f() { return 3; } {"score": 7}`, 0, 10, 7}, {`The set {1, 2} is fine. Score: 7`, 0, 10, 7}, {`{"score": <number>}`, 0, 10, none}, {`{"score": [0-10]}`, 0, 10, none}, {`{"score": 0-10}`, 0, 10, none},
	})
}

func TestTruncation(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{`{"score": 8, "reason": "it is`, 0, 10, 8}, {`{"score": 8,`, 0, 10, 8}, {"{\"score\": 8\n", 0, 10, 8}, {`{"score": 8`, 0, 10, none}, {`{"score": "8`, 0, 10, none}, {`{"score": "8"`, 0, 10, 8}, {`{"score": `, 0, 10, none}, {`{"score"`, 0, 10, none}, {`{"score": 8.`, 0, 10, none}, {`{"score": 8/1`, 0, 10, none},
		{`{"reason": "I'd say Score: 8`, 0, 10, none}, {`{"reason": "so the score is 8. "`, 0, 10, none}, {`{"reason": "x", "sco`, 0, 10, none}, {"```json\n{\"reason\": \"the \\\"score\\\": 8", 0, 10, none}, {`[{"score": 8}, `, 0, 10, 8}, {`{"result": {"score": 8`, 0, 10, none}, {`{"result": {"score": 8}`, 0, 10, 8}, {`{"result": {"score": 8,`, 0, 10, 8},
		{"Score: 3\n{\"reason\": \"on second thought", 0, 10, none}, {"Score:", 0, 10, none}, {"<score>", 0, 10, none}, {"<score>8", 0, 10, none}, {"The score is", 0, 10, none}, {`\boxed{8`, 0, 10, none}, {"[[8", 0, 10, none},
	})
	// Whatever the byte at which an answer is cut, a prefix of the number is not
	// the number.
	for _, full := range []string{`{"reasoning": "2 of 3 \"facts\" are right", "score": 87, "note": "done"}`, "```json\n{'reason': 'it's 5', 'score': 87}\n```", `{"a": {"score": "87"}, "b": [1, 2]}`} {
		for n := range len(full) {
			if got, err := verdict.Number(full[:n], verdict.Scale{Max: 100}); err == nil {
				require.Equal(t, 87.0, got, full[:n])
			}
		}
	}
}

func TestNoVerdict(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"", 0, 10, none}, {" \n", 0, 10, none}, {"I cannot score this response.", 0, 10, none}, {"<score>", 0, 10, none}, {"<score></score>", 0, 10, none}, {"<score>[0-10]</score>", 0, 10, none}, {"Score: [0-10]", 0, 10, none}, {"Score: 1-5", 0, 5, none}, {"Score: <number>", 0, 10, none}, {"Score: X", 0, 10, none}, {"Score: ___", 0, 10, none}, {"[[rating]]", 0, 10, none},
		{"Excellent! A perfect answer.", 0, 10, none}, {"Score: Score: Score:", 0, 10, none}, {"the the the the", 0, 10, none}, {"I'm sorry, but I can't help with that. As of 2024 there are 3 rules.", 0, 10, none}, {"Rate the response from 1 to 10.", 0, 10, none}, {"Please rate it on a scale of 1-10.", 0, 10, none}, {"Score: N/A", 0, 10, none}, {"8 8 8 8 8 8", 0, 10, none}, {"Score: good", 0, 10, none},
		{"Score: 8\nFinal score: N/A", 0, 10, none}, {"{\"score\": <0-10>}", 0, 10, none}, {"\\boxed{}", 0, 10, none}, {"🔟", 0, 10, none}, {"null", 0, 10, none}, {"true", 0, 1, none}, {"[RESULT]", 0, 10, none}, {"[RESULT] (an integer between 1 and 5)", 1, 5, none},
	})
}

func TestInput(t *testing.T) {
	read := func(text string, s verdict.Scale) (float64, error) { return verdict.Input([]byte(text), s) }
	testNumbers(t, read, []numberCase{
		{`{"reasoning": "ok", "score": 8.5}`, 0, 10, 8.5}, {`{"score": "8"}`, 0, 10, 8}, {`"{\"score\": 8}"`, 0, 10, 8}, {`8`, 0, 10, 8}, {`"8"`, 0, 10, 8}, {`{"score": 1e400}`, 0, 10, none}, {`1e400`, 0, 10, none}, {`{"score": 1E1}`, 0, 10, 10}, {`{"score": null}`, 0, 10, none}, {`{"score": true}`, 0, 1, none},
		{`{}`, 0, 10, none}, {`[]`, 0, 10, none}, {`null`, 0, 10, none}, {`{"reasoning": "Score: 8"}`, 0, 10, none}, {`{"score": {"value": 8}}`, 0, 10, 8}, {`{"submit": {"score": 8}}`, 0, 10, 8}, {`{"score": 3, "score": 8}`, 0, 10, none}, {`[{"score": 8}]`, 0, 10, 8}, {`[{"score": 8}, {"score": 3}]`, 0, 10, none},
		{`"\"{\\\"score\\\": 8}\""`, 0, 10, 8}, {`"Score: 8"`, 0, 10, none}, {``, 0, 10, none}, {`{"score": 8`, 0, 10, none}, {`{"score": 8,`, 0, 10, 8}, {`{"score": 10.000000000000000000001}`, 0, 10, none}, {`{"reasoning": "an open <think> tag", "score": 3}`, 0, 10, 3},
	})
}
