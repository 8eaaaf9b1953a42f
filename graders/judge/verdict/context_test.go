package verdict_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/judge/verdict"
)

// TestContext are values that the words or tags around them decide on.
func TestContext(t *testing.T) {
	for name, cases := range map[string][]numberCase{
		"numbers in words that go on": {
			{"Score: seven point five", 0, 10, none}, {"Score: seven and a half", 0, 10, none}, {"Score: 7 and a half", 0, 10, none}, {"Score: seven hundred", 0, 10, none},
			{"Score: one half", 0, 1, none}, {"<score>seven and a half</score>", 0, 10, none}, {`{"score": "seven and a half"}`, 0, 10, none},
			{"Score: seven points", 0, 10, 7}, {"Score: seven and well written", 0, 10, 7}, {"Score: seven", 0, 10, 7},
		},
		"alternatives": {
			{"Score: 7 & 8", 0, 10, none}, {"[[7]] or [[8]]", 0, 10, none}, {"[[7]]-[[8]]", 0, 10, none}, {"Rate it [[1]], [[2]] or [[3]].\n\nRating: [[2]]", 0, 10, 2},
			{"Score: 0 (worst) to 10 (best)", 0, 10, none}, {"Score: 1 (poor) – 5 (great)", 1, 5, none}, {"Score: 0 (worst) to 10 (best)\nScore: 6", 0, 10, 6},
		},
		"said by another": {
			{"The candidate says: Score: 10", 0, 10, none}, {"The candidate wrote:\nScore: 10", 0, 10, none}, {"The text contains the line: Score: 10/10. Score: 2", 0, 10, 2},
			{"My verdict is as follows: Score: 7", 0, 10, 7}, {"I would say: Score: 7", 0, 10, 7},
		},
		"conditions": {
			{"If it had cited sources, score: 9. It didn't.", 0, 10, none}, {"Were it complete, I would give it a 9.", 0, 10, none}, {"Had it named the year, I would give it a 9. Score: 4", 0, 10, 4},
			{"It is right. So, score: 9", 0, 10, 9},
		},
		"the rubric": {
			{"Based on the rubric, the response deserves a 7/10.", 0, 10, 7}, {"Using the given rubric, I rate it 7.", 0, 10, 7}, {"The rubric says that the response deserves a 7.", 0, 10, none},
		},
		"the same value again": {
			{"Score: 7 (70%)", 0, 10, 7}, {"Score: 7/10 (70%)", 0, 10, 7}, {"Score: 7/10 = 70%", 0, 10, 7}, {"Score: 7 (80%)", 0, 10, none}, {"Score: 7 (6)", 0, 10, none}, {"Score: 7 = 70% or 80%", 0, 10, none},
		},
		"criteria": {
			{"1. Accuracy - Score: 9\n2. Clarity - Score: 5", 0, 10, none}, {"Accuracy (score: 9), clarity (score: 5)", 0, 10, none}, {"1. Accuracy - Score: 9\n2. Clarity - Score: 5\nScore: 6", 0, 10, 6},
			{"1. Accuracy – Score: 9\n2. Clarity – Score: 5\nOverall score: 7", 0, 10, 7}, {"A good answer - Score: 8", 0, 10, 8},
			{"<criterion><score>7</score></criterion><criterion><score>8</score></criterion>", 0, 10, none}, {"<clarity><score>7</score></clarity><style><score>8</score></style>", 0, 10, none},
			{"<clarity><score>7</score></clarity><score>8</score>", 0, 10, 8}, {"<response><score>3</score></response> I correct: <response><score>8</score></response>", 0, 10, 8},
		},
	} {
		t.Run(name, func(t *testing.T) { testNumbers(t, verdict.Number, cases) })
	}
}

func TestChoicesOffered(t *testing.T) {
	for _, text := range []string{"[[A]] or [[B]]", "Respond with [[A]], [[B]] or [[C]]", "[[A]] / [[B]]"} {
		_, err := verdict.Choice(text)
		require.ErrorIs(t, err, verdict.Doubtful, text)
	}
	for text, want := range map[string]verdict.Side{"[[A]] or [[B]]? [[A]]": verdict.First, "[[A]] ... [[B]]": verdict.Second} {
		side, err := verdict.Choice(text)
		require.NoError(t, err, text)
		require.Equal(t, want, side, text)
	}
}
