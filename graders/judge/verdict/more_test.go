package verdict_test

import (
	"slices"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/verdict"
)

// TestCombinations are answers in which several rules meet.
func TestEveryDigit(t *testing.T) {
	zeros := 0
	digits := slices.Concat(ranges(unicode.Nd.R16), ranges32(unicode.Nd.R32))
	for _, r := range digits {
		require.Zero(t, (r[1]-r[0]+1)%10, "the digits of a script are ten: %U", r[0])
		for d := r[0]; d <= r[1]; d++ {
			got, err := verdict.Number("Score: "+string(d), verdict.Scale{Max: 9})
			require.NoError(t, err, "%U", d)
			require.Equal(t, float64((d-r[0])%10), got, "%U", d)
		}
		zeros += int(r[1]-r[0]+1) / 10
	}
	require.Greater(t, zeros, 60)
}

func ranges(list []unicode.Range16) (all [][2]rune) {
	for _, r := range list {
		all = append(all, [2]rune{rune(r.Lo), rune(r.Hi)})
	}
	return all
}

func ranges32(list []unicode.Range32) (all [][2]rune) {
	for _, r := range list {
		all = append(all, [2]rune{rune(r.Lo), rune(r.Hi)})
	}
	return all
}

// TestSecondThoughts are verdicts that something behind them changes.
func TestSecondThoughts(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"Score: 3\nRevised score: 5", 0, 10, 5}, {"Initial score: 8\nRevised score: 6", 0, 10, 6}, {"Score: 7 (±1)", 0, 10, 7}, {"Score: 8/10 for accuracy, 6/10 for style", 0, 10, none}, {"Score: 8 for accuracy and 6 for style", 0, 10, none}, {"Score: 8 (accuracy), 6 (style)", 0, 10, none}, {"Score: 8 accuracy, 6 style", 0, 10, none},
		{"I'd give it 8 for accuracy and 6 for style.", 0, 10, none}, {"Scores: accuracy 8, style 6; overall 7", 0, 10, 7}, {"Score: 8 (reduced to 7)", 0, 10, none}, {"Score: 8, reduced to 7 for length", 0, 10, none}, {"Score: 8 minus 1 for length", 0, 10, none}, {"Base score: 8, penalty: 2. Final: 6", 0, 10, 6}, {"Score before penalty: 8", 0, 10, none},
		{"Score: not 10 but 6", 0, 10, none}, {"The score isn't 8.", 0, 10, none}, {"No score above 3 is warranted.", 0, 10, none}, {"I rate it higher than 7.", 0, 10, none}, {"I rate it 7 at best.", 0, 10, none}, {"Score: top 10%", 0, 10, none}, {"Score 10 points if correct, 0 if not.", 0, 10, none}, {"Score 0 for wrong, 1 for right.", 0, 1, none}, {"Full marks: 10", 0, 10, none},
		{"Test score: 95%", 0, 1, none}, {"Grade 8 students would like it.", 0, 10, none}, {"Total: $8", 0, 10, none}, {"Total: 8 apples", 0, 10, none}, {"Rating: 5 May", 0, 10, 5}, {"Result: 8", 0, 10, none}, {"Final result: 8", 0, 10, 8}, {"I settle on 8.", 0, 10, 8}, {"I'll go with a 7.", 0, 10, 7}, {"I'd go with 7 out of 10.", 0, 10, 7},
		{"**4**/5", 1, 5, 4}, {"Score: 4 (could be 5)", 1, 5, none}, {`{"points": ["clear", "short"], "score": 4}`, 1, 5, 4}, {"Score: 4 (four)", 1, 5, 4}, {"SCORE: 4 REASON: good", 1, 5, 4}, {"Score: 4\n\nTo get a 5, cite sources.", 1, 5, 4}, {"Score: 4\n\nNote: a score of 5 would need sources.", 1, 5, 4},
		{"Score: {score}", 0, 10, none}, {"Score: {{score}}", 0, 10, none}, {"Score: X/10", 0, 10, none}, {"Score: /10", 0, 10, none}, {"Score: ?/10", 0, 10, none}, {"Score: _/10", 0, 10, none}, {"Score: [insert 0-10]", 0, 10, none}, {"{\"score\": \"<integer 1-5>\"}", 1, 5, none}, {"{\"score\": int}", 0, 10, none}, {"{\"score\": 0.0-1.0}", 0, 1, none}, {"<score>YOUR SCORE</score>", 0, 10, none},
		{`"{\"score\": 8, \"reason\": \"go`, 0, 10, none}, {`{"score": 7]`, 0, 10, 7}, {`submit_score({"score": 7})`, 0, 10, 7}, {`{"type": "tool_use", "name": "s", "input": {"score": 7}}`, 0, 10, 7}, {`{"function_call": {"name": "s", "arguments": "{\"score\": 7}"}}`, 0, 10, 7}, {"<tool_call>\n{\"name\": \"s\", \"arguments\": {\"score\": 7}}\n</tool_call>", 0, 10, 7},
		{"The candidate said: \"I'd give it 9/10\", but I'd give it 5/10.", 0, 10, 5}, {"~7/10", 0, 10, 7}, {"7–8/10", 0, 10, none}, {"Score: 0.7-0.8", 0, 1, none}, {"Score: 7 to 8 out of 10", 0, 10, none}, {"Score: ≈0.7", 0, 1, .7}, {"Score 3 out of 5", 0, 5, 3}, {"Score 8", 0, 10, 8}, {"score8", 0, 10, none}, {"score_8", 0, 10, none},
	})
}

func TestCombinations(t *testing.T) {
	testNumbers(t, verdict.Number, []numberCase{
		{"The response meets 3 of the 4 criteria. I would give it 7/10 overall.", 0, 10, 7},
		{"Rating: 8/10\n\nThe response is clear, but it contains 2 errors.", 0, 10, 8},
		{"**Final Verdict:** 8/10", 0, 10, 8},
		{"### Evaluation\n\n- Accuracy: 4/5\n- Clarity: 3/5\n\n**Overall Score: 3.5/5**", 0, 5, 3.5},
		{"Accuracy: 4\nClarity: 3\nOverall: 4", 1, 5, 4},
		{"1. Correctness (0-5): 4\n2. Style (0-5): 3\nFinal score (0-10): 7", 0, 10, 7},
		{"My score is 8/10.", 0, 10, 8}, {"Score- 8", 0, 10, 8}, {"Score : 8", 0, 10, 8}, {"SCORE:8", 0, 10, 8}, {"score:-1", -1, 1, -1}, {"Score:\t8", 0, 10, 8}, {"Score:\r\n8\r\n", 0, 10, 8},
		{"Thus my final rating is: 8", 0, 10, 8}, {"Final answer: {\"score\": 8}", 0, 10, 8}, {"Based on the above, I rate this response: 8/10", 0, 10, 8}, {"I would rate the response as 8 out of 10.", 0, 10, 8}, {"I'd rate it an 8.", 0, 10, 8},
		{"I give this response a score of 8 out of 10.", 0, 10, 8}, {"I'm giving this a 6/10.", 0, 10, 6}, {"This answer deserves 9/10.", 0, 10, 9}, {"The response scores 0.85.", 0, 1, 0.85}, {"I'd score this 0.6.", 0, 1, 0.6}, {"The answer should be rated 4 out of 5.", 1, 5, 4},
		{"Score: 8 out of 10, because of 2 small errors.", 0, 10, 8}, {"Score: 0", 0, 10, 0}, {"Score: 0.0", 0, 1, 0}, {"Score: 1.0", 0, 1, 1}, {"Score: .75", 0, 1, .75}, {"Score: 7.5/10.0", 0, 10, 7.5}, {"Score: 3/5 stars", 0, 5, 3},
		{"Rating: ⭐⭐⭐⭐ (4/5)", 0, 5, none}, {"Rating: ⭐⭐⭐⭐", 0, 5, none}, {"Score: IV", 0, 10, none}, {"Score: ⑤", 0, 10, none}, {"Score: five out of ten", 0, 10, 5}, {"Score: Seven", 0, 10, 7},
		{"On a 1-5 scale, I'd give it a 4.", 1, 5, 4}, {"On a 1-5 scale, I'd give it a 4.", 0, 10, none}, {"On a scale from 1 to 5, my rating is 4.", 1, 5, 4}, {"4 on a scale of 1-5", 1, 5, none},
		{"The score for this response is 6/10.", 0, 10, 6}, {"So the total score is 3 + 4 = 7.", 0, 10, none}, {"Total = 3 + 4 = 7", 0, 10, none}, {"Total score: 15/20", 0, 10, 7.5}, {"Grand total: 15/20", 0, 20, none},
		{"Score: 8\nConfidence: 3", 0, 10, 8}, {"Confidence: 0.9\nScore: 0.3", 0, 1, .3}, {"Score: 8. Confidence: 90%", 0, 10, 8}, {"Score: 0.8 (80%)", 0, 1, .8}, {"Score: 8 (very good)", 0, 10, 8}, {"Score: 8 [good]", 0, 10, 8},
		{"Score (1 = worst, 10 = best): 8", 0, 10, 8}, {"Score (max 10): 8", 0, 10, 8}, {"Score (max 5): 4", 0, 10, none}, {"Score/10: 8", 0, 10, none}, {"Score [1-10] = 8", 1, 10, 8}, {"**Score (0–10)**: 8", 0, 10, 8},
		{"Let me think. It could be a 6 or a 7.\nScore: 7", 0, 10, 7}, {"At first I thought 9, but the answer misses the date.\n\nScore: 5", 0, 10, 5}, {"I was going to give it a 9.", 0, 10, none}, {"It doesn't deserve a 9.", 0, 10, none}, {"I wouldn't give it more than 5.", 0, 10, none}, {"A perfect response would get a score of 10.", 0, 10, none}, {"To get a score of 10 it needs sources. Score: 6", 0, 10, 6},
		{"The rubric says that a score of 5 is excellent. Score: 3", 1, 5, 3}, {"5 = excellent, 1 = poor. Score: 3", 1, 5, 3}, {"Score 5: Excellent\nScore 1: Poor\n\nScore: 3", 1, 5, 3}, {"Scoring: 1 is bad, 5 is good.", 1, 5, none}, {"Scores range from 1 to 5.", 1, 5, none}, {"The score ranges from 1 to 5.", 1, 5, none},
		{"Please provide a score between 1 and 5.", 1, 5, none}, {"Output your score as [[rating]], for example: Rating: [[5]]", 1, 10, none}, {"Human score: 9\nMy score: 6", 0, 10, 6}, {"The reference answer got a score of 9.", 0, 10, none}, {"The user gave a rating of 9.", 0, 10, none}, {"The previous judge assigned a score of 9.", 0, 10, none}, {"GPT-4 scored 9.", 0, 10, none}, {"The movie has a rating of 8.5 on IMDb.", 0, 10, none}, {"In the game the final score was 3-2.", 0, 10, none}, {"The credit score is 7.", 0, 10, none}, {"BLEU score: 0.4", 0, 1, none}, {"F1 score: 0.4", 0, 1, none}, {"Its F1-score is 0.4. Score: 0.9", 0, 1, 0.9}, {"Apgar score of 8", 0, 10, none},
		{"The candidate wrote:\n> Score: 10\nI disagree.\nScore: 1", 0, 10, 1}, {"The response ends with \"I rate myself 10/10\". Score: 1", 0, 10, 1}, {"The response ends with \"Score: 10/10", 0, 10, none}, {"The text contains `Score: 10` as an injection. Score: 1", 0, 10, 1},
		{"```\nScore: 8\n```", 0, 10, 8}, {"```text\nFinal score: 8/10\n```", 0, 10, 8}, {"Score: 8/10/2024", 0, 10, none}, {"Score: 8 / 10 = 0.8", 0, 10, none}, {"Score: 80/100", 0, 1, .8}, {"Score: 80/100", 0, 10, 8}, {"Score: 80", 0, 1, none}, {"Score: 4", 0, 1, none}, {"Score: 85%", 1, 5, none}, {"Overall: 85%", 0, 100, 85},
		{"I cannot rate this response 8 or anything else.", 0, 10, none}, {"The answer is 42.", 0, 100, none}, {"Answer: 42", 0, 100, none}, {"Chapter 3, verse 16", 0, 20, none}, {"Rule 7: be kind.", 0, 10, none}, {"Rated R. 2 hours.", 0, 10, none}, {"There were 8 points in the list.", 0, 10, none}, {"It makes 3 points.", 0, 10, none}, {"Points: 8", 0, 10, 8}, {"Two points off for style. Score: 8", 0, 10, 8}, {"Score: minus one", -5, 5, none},
		{"{\"score\": 8}\n\nScore: 3", 0, 10, 8}, {"<score>8</score>\n{\"score\": 3}", 0, 10, 3}, {"{\"explanation\": \"...\", \"rating\": \"8/10\"}", 0, 10, 8}, {"{\"score\": \"8 out of 10\"}", 0, 10, 8}, {"{\"score\": \"~8\"}", 0, 10, none}, {"{\"score\": \"8+\"}", 0, 10, none}, {"{\"score\": \"8.\"}", 0, 10, 8}, {"{\"score\": \" 8/10 \"}", 0, 10, 8}, {"{\"score\": \"8%\"}", 0, 100, 8}, {"{\"score\": \"0,8\"}", 0, 1, .8}, {"{\"score\": \"1,000\"}", 0, 1000, none}, {"{\"score\": \"８\"}", 0, 10, 8}, {"{\"score\": ８}", 0, 10, 8}, {"｛\"score\"：8｝", 0, 10, 8}, {"{\"score\": 8e0}", 0, 10, 8}, {"{\"score\": -1}", 0, 10, none}, {"{\"score\": 10.5}", 0, 10, none}, {"{\"score\":8}{\"score\":3}", 0, 10, 3},
		{"{\"score\": 8, \"max_score\": 10}", 0, 10, 8}, {"{\"score\": 8, \"score_range\": [0, 10]}", 0, 10, 8}, {"{\"max_score\": 10}", 0, 10, none}, {"{\"scores\": {\"score\": 8}}", 0, 10, 8}, {"{\"evaluations\": [{\"score\": 8}]}", 0, 10, 8}, {"{\"evaluations\": [{\"score\": 8}, {\"score\": 3}]}", 0, 10, none}, {"{\"evaluations\": [{\"score\": 8}, {\"score\": 3}], \"total\": 5}", 0, 10, 5}, {"[[{\"score\": 8}]]", 0, 10, 8}, {"[8]", 0, 10, none}, {"{8}", 0, 10, none}, {"{\"score\": {\"clarity\": 8}}", 0, 10, none}, {"{\"clarity\": 8}", 0, 10, none}, {"{\"answer\": 8}", 0, 10, none},
		{"{\n  \"reasoning\": \"The answer is \"good\", it has 3 parts: {a}, [b]\",\n  \"score\": 8\n}", 0, 10, 8}, {"{\"reasoning\": \"ends with a backslash \\\", \"score\": 8}", 0, 10, none}, {"{'reasoning': 'the model\\'s answer', 'score': 8}", 0, 10, 8}, {"{\"reasoning\": 'mixed \"quotes\"', \"score\": 8}", 0, 10, 8}, {"{reasoning: it is good, score: 8}", 0, 10, 8}, {"{\"reasoning\": \"a\", \"score\": 8, ...}", 0, 10, 8}, {"{\"reasoning\": \"a\" \"score\": 8}", 0, 10, none}, {"{\"reasoning\": \"a\";\n\"score\": 8}", 0, 10, none}, {"```json\n{\n\"score\": 8,\n}\n```\n```json\n{\"score\": 3}\n```", 0, 10, 3}, {"json\n{\"score\": 8}", 0, 10, 8}, {"{\"score\": 8}\u0000", 0, 10, 8}, {"{\"score\": 8}<|im_end|>", 0, 10, 8}, {"8<|im_end|>", 0, 10, none}, {"<answer>{\"score\": 8}</answer>", 0, 10, 8}, {"<answer>Score: 8</answer>", 0, 10, 8}, {"<answer>8/10</answer>", 0, 10, 8}, {"<answer>eight</answer>", 0, 10, 8}, {"<score>8</rating>", 0, 10, 8}, {"<score>8\n</score>", 0, 10, 8}, {"<score>8<score>", 0, 10, 8}, {"<score=8>", 0, 10, none}, {"&lt;score&gt;8&lt;/score&gt;", 0, 10, none}, {"<final_score>8</final_score>", 0, 10, 8}, {"<Score>: 8", 0, 10, none},
		{"[[ 8 ]]", 0, 10, 8}, {"[[8]] [[8]]", 0, 10, 8}, {"Rating: [[8]], as [[3]] would be too low", 0, 10, 3}, {"[[-1]]", 0, 10, none}, {"[RESULT] 4\n", 1, 5, 4}, {"[RESULT]: 4", 1, 5, 4}, {"[Result] 4", 1, 5, 4}, {"[RESULT] 3-4", 1, 5, none}, {"[RESULT] six", 1, 5, none}, {"Feedback: It has 2 faults. [RESULT] 3 [END]", 1, 5, 3}, {`\boxed{8/10}`, 0, 10, 8}, {`\boxed{80\%}`, 0, 1, .8}, {`The result is $\boxed{0.8}$.`, 0, 1, .8}, {`\boxed{3} \boxed{4}`, 0, 10, 4}, {`\boxed{x} Score: 4`, 0, 10, 4}, {`\boxed{3 or 4}`, 0, 10, none},
		{"# Score: 8", 0, 10, 8}, {"## Final Score: 8/10", 0, 10, 8}, {"## Overall Score\n\n8 out of 10\n\nThe answer is fine.", 0, 10, 8}, {"**Rating**\n\n4", 1, 5, 4}, {"Score\n=====\n8", 0, 10, none}, {"Score:\n\n- 8", 0, 10, none}, {"Score:\nThe answer is 8.", 0, 10, none}, {"| Score | 8 |", 0, 10, 8}, {"| **Overall** | **8/10** | good |", 0, 10, 8}, {"| Criterion | Weight | Score |\n|---|---|---|\n| Clarity | 2 | 6 |\n| Overall | 3 | 8 |", 0, 10, 8}, {"| Response A | Response B |\n|---|---|\n| 7 | 8 |", 0, 10, none}, {"| | Score A | Score B |\n|---|---|---|\n| Overall | 7 | 8 |", 0, 10, none}, {"- **Overall**: 8", 0, 10, 8}, {"* Overall rating: 8", 0, 10, 8}, {"Overall — 8/10", 0, 10, 8}, {"Overall quality: 8", 0, 10, 8}, {"Overall assessment: 8/10", 0, 10, 8}, {"Overall impression: good", 0, 10, none},
		{"Option 1: 8\nOption 2: 6", 0, 10, none}, {"Candidate A scores 8, candidate B scores 6.", 0, 10, none}, {"I give Response A an 8 and Response B a 6.", 0, 10, none}, {"Score A: 8\nScore B: 6", 0, 10, none}, {"Score 1: 8\nScore 2: 6", 0, 10, none}, {"<score_a>8</score_a><score_b>6</score_b>", 0, 10, none}, {"First response: Score: 8\nSecond response: Score: 6", 0, 10, none}, {"Assistant A: [[8]] Assistant B: [[6]]", 0, 10, none}, {"8, 6", 0, 10, none}, {"8 / 6", 0, 10, none},
		{"Score: 8 Score: 8 Score: 8", 0, 10, 8}, {"Score: 8 7 6", 0, 10, none}, {"8/10 8/10", 0, 10, none}, {"Score:8Score:8", 0, 10, none}, {"10/10 would recommend", 0, 10, none}, {"100%", 0, 1, 1}, {"Excellent - 10/10!", 0, 10, none}, {"10/10!", 0, 10, 10}, {"10.", 0, 10, 10}, {"(7)", 0, 10, 7}, {"=7", 0, 10, none}, {": 7", 0, 10, none}, {"7;", 0, 10, none}, {"7\n7", 0, 10, none}, {"7 7", 0, 10, none}, {"seven out of ten", 0, 10, 7}, {"7 of 10", 0, 10, 7}, {"about 7", 0, 10, 7}, {"7 (seven)", 0, 10, none}, {"7 - good", 0, 10, none},
	})
}
