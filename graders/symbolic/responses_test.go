package symbolic_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/symbolic"
)

// TestResponses checks where the answer is found, with the default options.
func TestResponses(t *testing.T) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(t, err)
	for _, c := range []struct {
		reference, response string
		want                float64
	}{
		{"42", `\boxed{41}. Wait, actually \boxed{42}`, 1},
		{"42", "The answer is 42.", 1},
		{"5", "The answer is 5. On second thought, it is 6.", 0},
		{"5", "The answer is 5. On second thought, it is 5.", 1},
		{"5", "The answer is 5. Wait, 6.", 0},
		{"5", `\boxed{5}. I retract that. 6.`, 0},
		{"5", `\boxed{5}. I retract nothing. It is done.`, 1},
		{"5", `\boxed{5}. Let me recheck. 2+4 = 6. So the answer is 6.`, 0},
		{"5", `\boxed{5}. Let me recheck. 2+3 = 5. So the answer is 5.`, 1},
		{"B", "(B)? No, (C).", 0},
		{"C", "(B)? No, (C).", 1},
		{"42", "So the final answer is $42$.", 1},
		{"42", "**Final Answer:** 42", 1},
		{"42", "**Final Answer**\n\n$42$", 1},
		{"42", "#### 42", 1},
		{"42", "The answer is not 42", 0},
		{"5", "The answer is either 5 or 6.", 0},
		{"5", "I think the answer is 5, but it could be 6.", 0},
		{"5", `\boxed{}`, 0},
		{"5", `\boxed{5`, 0},
		{"5", `\fbox{5}`, 1},
		{"5", "<answer>5</answer> <answer>6</answer>", 0},
		{"5", "<think>the answer is 5</think>", 0},
		{"5", "<think>5</think> 6", 0},
		{"5", "<think>5", 0},
		{`\frac{2}{9}`, `Hence the probability is \(\frac29\).`, 1},
		{"12", "There are 12 apples.", 1},
		{"12", "She has 15 - 3 = 12 apples left.", 1},
		{"12", `The answer is $\boxed{12}$ apples`, 1},
		{"B", "The correct answer is (B).", 1},
		{"B", "**B**", 1},
		{"B", "The correct option is **B) 12**", 1},
		{"B", "I would choose option C because B is wrong.", 0},
		{"B", "(A) is wrong, so the answer is (B)", 1},
		{"A", "A train travels 5 miles.", 0},
		{"3,5", "The solutions are $x=3$ and $x=5$.", 1},
		{"x=3,y=5", `Therefore \boxed{x=3} and \boxed{y=5}.`, 1},
		{"x=3", `$$x=\boxed{3}$$`, 1},
		{"10", "$10", 1},
		{"10", `It costs \$10.`, 1},
		{"1000", "The total is $1,000.", 1},
		{"72", "So 72 is the answer.", 1},
		{"2/3", "The probability that Alice wins is 2/3.", 1},
		{"7", "Answer: 7\n\nLet me know if you have 3 more questions.", 1},
		{"18", "The result is 18!", 1},
		{`\text{Yes}`, "Yes, it is.", 1},
		{`\text{Yes}`, `\boxed{\text{No}}`, 0},
		{"5", `\boxed{5} \boxed{5}`, 1},
		{"5", `$\boxed{5}$ or equivalently $\boxed{\frac{10}{2}}$`, 1},
		{"9", `\boxed{8} or \boxed{9}`, 0},
		{"10", "\\boxed{5}\n\nThe final answer is $10$.", 1},
		{"-3", "Therefore x = -3.", 1},
		{"4", `\[x = 2^2 = 4\]`, 1},
		{"4", "答案是4", 1},
		{"4", "Die Antwort ist 4.", 1},
		{"x^2+1", "Thus, $f(x)=x^2+1$.", 1},
		{"5", "Answer:\n5", 1},
		{"3.14", "The value is approximately 3.14.", 1},
		{"5", "The answer is 5 (five).", 1},
		{"5", "`5`", 1},
		{"5", "```\n5\n```", 1},
		{"5", `My answer: \( \boxed{5} \), with confidence 99%`, 1},
		{"100", "No idea at all.", 0},
		{"5", "import os; os.system('rm') or 5", 0},
		{"24", "Final Answer: The final answer is $24$ square feet. I hope it is correct.", 1},
		{"8", "The answer is\n\\[\n8\n\\]", 1},
		{"(D)", `\boxed{D}`, 1},
		{"D", `\boxed{\text{D. } 45}`, 1},
		{"D", "**Answer: D**", 1},
		{"AC", "The answers are A and C.", 1},
		{"AC", `\boxed{A,B,C}`, 0},
		{"12", "Answer: 12 or 13", 0},
		{"5", "#### 5 apples", 1},
		{"1,234", "#### 1234", 1},
		{"5", "The answer isn't 5.", 0},
		{"5", "The answer cannot be 5.", 0},
		{"5", "The answer is anything but 5.", 0},
		{"5", "The answer is less than 5.", 0},
		{"5", "It must be at least 5.", 0},
		{"5", `It must be at least $5$.`, 0},
		{"5", "The answer is one of 1, 2, 3, 4, 5.", 0},
		{"5", `The answer is definitely not \boxed{5}.`, 0},
		{"5", `It isn't \(\boxed{5}\).`, 0},
		{"5", `It is not 6, but \boxed{5}.`, 1},
		{"5", `It is not 6 but \boxed{5}.`, 1},
		{"5", "5 is wrong", 0},
		{"5", "5 is not the answer.", 0},
		{"5", "We get 5. I am not sure that this is so.", 0},
		{"5", "```python\nprint(5)\n```\nThe output is unknown.", 0},
		{"5", "Tom has 2 less than 7, which is 5.", 1},
		{"5", "It is not 4. So the total is 5.", 1},
		{"5", "One of the boys has 5.", 1},
		{"5", "The value isn't **5**.", 0},
		{"5", "So the value is **5**.", 1},
		{"7", `\boxed{8} and ` + strings.Repeat(" ", 100) + `\boxed{7}`, 1},
		{"7,8", `\boxed{8} \text{ and } \boxed{7}`, 1},
		{"5", "The answer could be 5.", 0},
		{"5", "The answer exceeds 5.", 0},
		{"5", "The answer is half of 5", 0},
		{"5", "The candidates are 3, 4 and 5.", 0},
		{"5", "The answer has 5 digits.", 0},
		{"5", `\boxed{5} is wrong.`, 0},
		{"5", `\boxed{5} is the answer.`, 1},
		{"5", "**Answer**: 5 (not 6)", 1},
		{"5", "The minimum is at least 3, so the answer is 5.", 1},
		{"3", `\boxed{3} but wait, it's 4`, 0},
		{"3", `The answer is $\boxed{3}$. Wait, it should be $4$.`, 0},
		{"3", `\boxed{3}. Actually, the answer is 4.`, 0},
		{"3", `\boxed{3}. No, 4.`, 0},
		{"3", "\\boxed{3}\nCorrection: 4", 0},
		{"3", `\boxed{3}. Oops, I meant 4.`, 0},
		{"3", `\boxed{3}. Wait, that's right: it is 3.`, 1},
		{"3", `\boxed{3}. Wait, let me check: 1 + 2 = 3. Yes.`, 1},
		{"3", `\boxed{3}. There were 4 boys waiting, and no 5th one.`, 1},
		{"1/2", `\boxed{\frac12}. Or 0.5.`, 1},
		{"1/2", `\boxed{\frac12} or $0.5$`, 1},
		{"1/2", `$\boxed{\frac{1}{2}}$, or 50 %.`, 1},
		{"3", `\boxed{3} (or maybe 4)`, 0},
		{"3", "\\boxed{3}.\n\nI made a mistake. The correct answer is 4.", 0},
		{"3", `\boxed{3}. Sorry, the answer is four.`, 0},
		{"3", `\boxed{3}. Hold on. It is 4.`, 0},
		{"3", `\boxed{3} was my first guess, but the real answer is 4.`, 0},
		{"B", `\boxed{B}. Wait, C is right.`, 0},
		{"3", `\boxed{3}. Wait, 1+2 = 3 indeed.`, 1},
		{"3", `\boxed{3}. No more steps are needed; it is 100% right.`, 1},
		{"3", `\boxed{3}. Note that 4 is not a solution.`, 1},
		{"3", `\boxed{3} cm, or 0.03 m.`, 1},
		{"3", "The answer is 3?", 0},
		{"18", "\\boxed{18}\nOr 19", 0},
		{"1,3", `The solutions are $x=\boxed{1}$ and $x=\boxed{3}$.`, 1},
		{"3", `The solutions are $x=\boxed{1}$ and $x=\boxed{3}$.`, 0},
		{"1", `\boxed{` + strings.Repeat("2=", 100000) + "1}", 0},
		{"1", `\boxed{2} ` + strings.Repeat("and so on ", 30000) + " 1", 0},
		{"1", strings.Repeat("and so on ", 30000) + " 1", 0},
		{"1", strings.Repeat("and so on ", 30000) + ` \boxed{1}`, 1},
		{"18", "#### 18\nOr 19", 0},
		{"18", "<answer>18</answer> Wait, it's 19.", 0},
		{"18", "<answer>18</answer>", 1},
		{"5", "Is it 5?", 0},
		{"5", `Is it \boxed{5}?`, 0},
		{"5", "What is 2+3? It is 5.", 1},
		{"B", "Not B.", 0},
		{"B", "The answer isn't B.", 0},
		{"B", "Not A, and C is wrong, so the answer is B.", 1},
	} {
		t.Run(c.reference+" from "+clip(c.response), func(t *testing.T) {
			res, err := g.Grade(context.Background(), rollout(t, c.reference, c.response))
			require.NoError(t, err)
			require.Equal(t, c.want, res.Score, "found %q: %s", res.Found, res.Reason)
			require.NotEmpty(t, res.Reason)
		})
	}
}

// TestLongResponse checks that the answer at the end of a very long response is
// found, whether it is the reasoning or the answer that is long.
func TestLongResponse(t *testing.T) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(t, err)
	long := strings.Repeat("We try the next case, and it leads nowhere. ", 8000)
	for _, c := range []struct {
		name, response string
		want           float64
	}{
		{"long reasoning", "<think>" + long + `\boxed{6}</think>\boxed{7}`, 1},
		{"long answer", long + `\boxed{7}`, 1},
		{"an answer in the reasoning only", "<think>" + long + `\boxed{7}</think>` + long, 0},
		{"reasoning that never ends", "<think>" + long + `\boxed{7}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := g.Grade(context.Background(), rollout(t, "7", c.response))
			require.NoError(t, err)
			require.Equal(t, c.want, res.Score, res.Reason)
		})
	}
}
