package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/answer"
)

// TestDamageEndsTheSearch tries texts in which something whole stands before
// what is cut off or broken.
func TestDamageEndsTheSearch(t *testing.T) {
	all := answer.MustParse("boxed", "hashes", "tag:answer", "marker", "whole")
	two := answer.MustParse("hashes", "boxed")
	for _, c := range []struct {
		name     string
		find     answer.Finders
		in, want string
	}{
		{"a marker before a box cut off", all, `The answer is 18. Hmm, let me redo: \boxed{19`, ""},
		{"hashes before a box cut off", all, "#### 18\nActually, \\boxed{1", ""},
		{"hashes before a box cut off, hashes first", two, "#### 18\nActually, \\boxed{1", ""},
		{"a marker before a tag cut off", all, "The answer is 18.\n<answer>19", ""},
		{"a marker before half a tag", all, "The answer is 18.\n<answ", ""},
		{"text before a box cut off", all, `18 \boxed{`, ""},
		{"a box before a command cut off", all, `\boxed{18} \boxed`, ""},
		{"a box before a thought and a box cut off", all, `\boxed{18}<think>x</think> \boxed{`, ""},
		{"hashes before hashes cut off", two, "#### 18\n#### ", ""},
		{"a box before hashes cut off", two, "\\boxed{18}\n####", ""},
		{"a box before hashes cut off, box first", all, "\\boxed{18}\n####", ""},
		{"a box before a marker cut off", all, `\boxed{18}. So the answer is`, ""},
		{"a box in a tag cut off", all, `<answer>\boxed{18}`, "18"},
		{"a box cut off before a whole one", all, "\\boxed{17\nso \\boxed{18}", "18"},
		{"an empty box", all, `Put it in \boxed{}. The answer is 18.`, "18"},
		{"whole before a thought", all, "1<think>x</think>234", "234"},
		{"hashes before a thought and digits", all, "#### 18<think>x</think>000", "000"},
		{"hashes before a thought and a choice", two, "#### 18<think>x</think> or 19", ""},
		{"a marker before a thought and digits", answer.MustParse("marker"), "The answer is 18<think>x</think>,000", ""},
		{"a pointer that another one replaces", answer.MustParse("json:/a", "json:/b"), `{"b": 18}`, "18"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.find.Find(c.in)
			require.Equal(t, c.want, got.Text, got.Why)
			require.Equal(t, c.want != "", got.OK)
		})
	}
}

func TestHiddenAnswers(t *testing.T) {
	for _, c := range []struct{ name, finder, in, want string }{
		{"a box struck out", "boxed", `~~\boxed{18}~~`, ""},
		{"a box in a comment", "boxed", `<!-- \boxed{18} -->`, ""},
		{"a box behind a comment", "boxed", `<!-- no --> \boxed{18}`, "18"},
		{"a box behind text struck out", "boxed", `~~17~~ \boxed{18} ~~16~~`, "18"},
		{"a box in deleted text", "boxed", `<del>\boxed{18}</del>`, ""},
		{"hashes in a comment", "hashes", "19 <!--\n#### 18\n-->", ""},
		{"a marker in a comment", "marker", "<!-- The answer is 18. -->", ""},
		{"a tag in a comment", "tag:answer", "<!-- <answer>18</answer> -->", ""},
		{"a comment in code", "code", "```html\n<!-- x -->\n```", "<!-- x -->"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := answer.MustParse(c.finder).Find(c.in)
			require.Equal(t, c.want, got.Text, got.Why)
		})
	}
}

func TestBoxedAndWhatTouchesIt(t *testing.T) {
	const changed = "what touches the last box"
	requireFinds(t, "boxed", true, []findCase{
		{"a sign", `-\boxed{18}`, "", changed},
		{"a sign in mathematics", `$-\boxed{18}$`, "", changed},
		{"a sign and a space in mathematics", `$x = - \boxed{18}$`, "", changed},
		{"a sign before mathematics", `-$\boxed{18}$`, "", changed},
		{"a bullet", `- \boxed{18}`, "18", ""},
		{"a factor", `2\boxed{18}`, "", changed},
		{"a factor before mathematics", `2$\boxed{18}$`, "", changed},
		{"a product", `2*\boxed{18}`, "", changed},
		{"a decimal", `0.\boxed{18}`, "", changed},
		{"digits behind it", `\boxed{18}000`, "", changed},
		{"digits behind a comma", `$\boxed{18}$,000`, "", changed},
		{"a power", `\boxed{18}^2`, "", changed},
		{"a power behind a space", `$\boxed{18} ^2$`, "", changed},
		{"a square", `\boxed{18}²`, "", changed},
		{"degrees", `$\boxed{18}^\circ$`, "18", ""},
		{"a factorial", `$\boxed{5}!$`, "", changed},
		{"an exclamation", `It is \boxed{5}!`, "5", ""},
		{"a divisor", `\boxed{18}/2`, "", changed},
		{"a unit behind a slash", `\boxed{18}/day`, "18", ""},
		{"a root", `\sqrt{\boxed{18}}`, "", changed},
		{"a root around more", `\sqrt{2 + \boxed{18}}`, "", changed},
		{"a cube root", `\sqrt[3]{\boxed{18}}`, "", changed},
		{"a numerator", `\frac{\boxed{18}}{2}`, "", changed},
		{"a denominator", `\frac{1}{\boxed{18}}`, "", changed},
		{"an exponent", `2^{\boxed{18}}`, "", changed},
		{"a group with a power", `{\boxed{18}}^2`, "", changed},
		{"crossed out", `\cancel{x = \boxed{18}}`, "", changed},
		{"a group behind it", `\boxed{18}{19}`, "", changed},
		{"two boxes that touch", `\boxed{1}\boxed{8}`, "", changed},
		{"unequal", `$x \neq \boxed{18}$`, "", changed},
		{"thousands", `\boxed{18}k`, "", changed},
		{"an equation", `x = \boxed{18}`, "18", ""},
		{"an equation without spaces", `x=\boxed{18}`, "18", ""},
		{"mathematics around it", `$\boxed{18}$.`, "18", ""},
		{"a unit", `\boxed{18}\text{ cm}`, "18", ""},
		{"a percent sign", `\boxed{18}\%`, "18", ""},
		{"bold text around it", `**\boxed{18}**`, "18", ""},
		{"emphasis around it", `*\boxed{18}*`, "18", ""},
		{"text around it", `\text{So }\mathbf{\boxed{18}}`, "18", ""},
		{"a root before it", `\sqrt{324} = \boxed{18}`, "18", ""},
		{"a box to fill in", `$3 + \boxed{4} = 7$`, "4", ""},
		{"a comma behind it", `\boxed{18}, as wanted`, "18", ""},
		{"words in it", `\boxed{\text{The answer is }18}`, "18", ""},
		{"words with a choice in it", `\boxed{The answer is 18. Or 19}`, "The answer is 18. Or 19", ""},
	})
}

func TestHashesAndHeadings(t *testing.T) {
	requireFinds(t, "hashes", true, []findCase{
		{"a name before the answer", "#### 18\n#### x = 19\nfoo", "x = 19", ""},
		{"a unit before the answer", "#### 18\n#### USD 19\nx", "USD 19", ""},
		{"a number word", "#### 18\n#### nineteen\n..", "nineteen", ""},
		{"a correction", "#### 18\n#### Actually it is 19\n.", "Actually it is 19", ""},
		{"a numbered correction", "#### 18\n#### 19. That is it\nfoo", "", "may begin the answer or a heading"},
		{"an unknown title", "#### 18\n#### Some thoughts\nfoo", "Some thoughts", ""},
		{"two unknown titles", "#### 18\n#### Some thoughts\nfoo\n#### More\nfoo", "", "may begin the answer or a heading"},
		{"a heading with a number", "#### 18\n#### Note 19\nfoo", "", "may begin the answer or a heading"},
		{"a step behind the answer", "#### 18\n#### Step 2\nfoo", "18", ""},
		{"honest words, then more", "#### x = 19\n\nDone.", "x = 19", ""},
		{"a total", "#### Total: 19\n\nDone.", "Total: 19", ""},
		{"a label", "#### Positive\n\nThe reviewer liked it.", "Positive", ""},
		{"a label behind steps", "#### Step 1: Read\nx\n#### Step 2: Judge\nx\n#### Positive\n\nDone.", "Positive", ""},
		{"titles only", "#### The eggs\nx\n#### The money\nx", "", "#### begins headings only"},
		{"a title that ends in a colon", "#### The eggs:\nx", "", "#### begins headings only"},
		{"a number before a marker", "#### 17, the answer: 18\nx", "17, the answer: 18", ""},
		{"a numbered marker", "#### 4. Final answer: 18\nx", "18", ""},
	})
}

func TestMarkerBefore(t *testing.T) {
	const denied = "denied or doubted"
	requireFinds(t, "marker", true, []findCase{
		{"I don't think", "I don't think the answer is 18.", "", denied},
		{"I don’t think", "I don’t think the answer is 18.", "", denied},
		{"I doubt", "I doubt that the answer is 18", "", denied},
		{"no doubt", "There is no doubt that the answer is 18", "18", ""},
		{"not true", "It is not true that the answer is 18", "", denied},
		{"not true behind a comma", "It is not true, I think, that the answer is 18", "", denied},
		{"wrong to say", "It would be wrong to say the answer is 18.", "", denied},
		{"an earlier answer", "The answer is 17. I don't think the answer is 18.", "", denied},
		{"a condition", "If the answer is 18, then stop.", "", "no"},
		{"a condition of the problem", "If she sells 9, the answer is 18.", "18", ""},
		{"a negation of the problem", "She does not eat them, so the answer is 18.", "18", ""},
		{"a negation in the sentence before", "It is not 17. The answer is 18.", "18", ""},
		{"half of it", "Half of the answer is 18.", "", "no"},
		{"more than it", "Three more than the answer is 18.", "", "no"},
		{"a product with it", "2 * the answer = 18", "", "no"},
		{"a difference with it", "20 - the answer = 18", "", "no"},
		{"a sum with it", "x + answer = 18", "", "no"},
		{"no answer", "non-answer: 18", "", "no"},
		{"a bullet", "- Answer: 18", "18", ""},
		{"two bullets", "- 17\n- The answer is 18", "18", ""},
		{"a bold step", "Step 2: **The answer is 18**", "18", ""},
		{"another question", "The answer to a different question is 18", "", "no"},
		{"Chinese condition", "如果答案是18", "", "no"},
	})
}

func TestMarkerBehind(t *testing.T) {
	const back = "changes it or takes it back"
	requireFinds(t, "marker", true, []findCase{
		{"or behind bold text", "**The answer is 18** or 19", "", back},
		{"a number behind bold text", "**Answer: 18** 19", "", back},
		{"a number in parentheses behind bold text", "**Answer: 18** (19)", "", back},
		{"a calculation behind bold text", "**Answer: 18** (9 * 2 = 18)", "18", ""},
		{"digits that touch bold text", "**Answer: 18**,000", "", back},
		{"a percent sign that touches bold text", "**Answer: 18**%", "", back},
		{"a scale behind bold text", "**Answer: 18** thousand", "", back},
		{"a unit behind bold text", "**Answer: 18** dollars", "18", ""},
		{"or behind a tag", "The answer is 18</x> or 19", "", back},
		{"digits behind a tag", "Answer: <b>18</b>,000", "", back},
		{"wrong", "The answer is 18, which is wrong; it is 19", "", back},
		{"maybe", "The answer is 18, so maybe 19", "", back},
		{"also possible", "The answer is 18 because 19 is also possible", "", back},
		{"a reason with not", "The answer is 18 because she does not eat them", "18", ""},
		{"a reason with wrong", "The answer is B because A is wrong.", "B", ""},
		{"or in a sentence", "The answer is 18. Or 19.", "", back},
		{"wait", "The answer is 18. Wait, 19.", "", back},
		{"wait on another line", "The answer is 18.\n\nWait, 19.", "", back},
		{"wait in a later sentence", "The answer is 18. I am sure. Hmm, 19.", "", back},
		{"but", "The answer is 18. But it may be 19.", "", back},
		{"but without a number", "The answer is 18. But check it.", "18", ""},
		{"no", "The answer is 18. No, it is more.", "", back},
		{"no other", "The answer is 18. No others are left.", "18", ""},
		{"a number on the next line", "Answer:\n18\n19", "", back},
		{"the same number on the next line", "The answer is 18%.\n#### 18", "18%", ""},
		{"another number behind hashes on the next line", "The answer is 18.\n#### 19", "", back},
		{"a calculation on the next line", "Answer: 18\n9 * 2 = 18", "18", ""},
	})
}

func TestMarkerMentions(t *testing.T) {
	requireFinds(t, "marker", true, []findCase{
		{"rounded", "**Answer: 18**\n\nNote: the answer is rounded to the nearest integer.", "18", ""},
		{"rounded to places", "Answer: 18\nThe answer is rounded to 2 decimal places.", "18", ""},
		{"correct", "The answer is 18.\n\nThe answer is correct.", "18", ""},
		{"our answer is correct", "Answer: 18\nSo our answer is correct!", "18", ""},
		{"helpful", "The answer is 18. I hope this answer is helpful.", "18", ""},
		{"in dollars", "The answer is 18.\n(The answer is in dollars.)", "18", ""},
		{"reasonable", "The answer is 18. The answer is reasonable because 18 < 20.", "18", ""},
		{"wrong if", "The answer is 18. If the answer is wrong, tell me.", "18", ""},
		{"wrong", "The answer is 18. The answer is wrong.", "wrong", ""},
		{"a mention with a number word", "The answer is 18. The answer is in nineteen.", "in nineteen", ""},
		{"a mention with a list", "The answer is 18. The answer is clear: 19", "clear: 19", ""},
		{"a judgement with a choice", "The answer is 18. The answer is correct or 19.", "correct or 19", ""},
		{"a judgement and a number", "The answer is 18. The answer is right and 19.", "right and 19", ""},
		{"a check", "The answer is 18. Let me double check the answer: yes.", "18", ""},
		{"a judgement as the answer", "The student says 5. The answer is correct.", "correct", ""},
		{"a word that begins like a judgement", "The answer is 18. The answer is right triangle.", "right triangle", ""},
	})
}

func TestMarkerForms(t *testing.T) {
	requireFinds(t, "marker", true, []findCase{
		{"last bold inside", "**Answer:** She makes **$18** per day.", "**$18** per day", ""},
		{"bold inside behind a bound", "**Answer:** She makes less than **$18** per day.", "She makes less than **$18** per day", ""},
		{"bold inside behind a denial", "**Answer:** It isn't **18**.", "It isn't **18**", ""},
		{"bold inside and a number outside", "**Answer:** She makes **$18** or $19.", "She makes **$18** or $19", ""},
		{"a total of", "The answer is a total of 18 apples.", "18 apples", ""},
		{"is equal to", "The answer is equal to 18.", "18", ""},
		{"comes to", "The answer comes to 18.", "18", ""},
		{"comes out to", "The answer comes out to 18.", "18", ""},
		{"turns out to be", "The answer turns out to be 18.", "18", ""},
		{"found to be", "The answer is found to be 18.", "18", ""},
		{"a unit in parentheses before is", "The answer (in dollars) is 18.", "18", ""},
		{"final result", "The final result is 18.", "18", ""},
		{"a result", "The result is 18.", "", "no"},
		{"final answer without a link", "Final Answer 18", "18", ""},
		{"HTML", "Answer: <b>18</b>", "18", ""},
		{"an arrow", "Answer → 18", "18", ""},
		{"a dash", "Answer - 18", "18", ""},
		{"a hyphen", "Answer-18", "", "no"},
		{"a table", "| **Answer** | 18 |", "18", ""},
		{"a table with two values", "| **Answer** | 18 | 19 |", "", "takes it back"},
		{"a table's head", "| Answer | Points |\n|---|---|\n| 18 | 2 |", "", "no"},
		{"a table's head with the answer", "| Answer | 18 |\n|---|---|", "18", ""},
	})
	require.Equal(t, "18", answer.MustParse("tag:answer").Find("<answer>The answer is 18.</answer>").Text)
	require.Equal(t, "17 Answer: 18", answer.MustParse("tag:answer").Find("<answer>17 Answer: 18</answer>").Text)
	require.Equal(t, "The answer is 18.\nOr 19", answer.MustParse("tag:answer").Find("<answer>The answer is 18.\nOr 19</answer>").Text)
}

func TestParseBoundsPatterns(t *testing.T) {
	for _, pattern := range []string{`(((x?){30}){30})z`, `(\d{1,100}){1,10}`, strings.Repeat("x?", 3000)} {
		_, err := answer.Parse("regex:" + pattern)
		require.ErrorContains(t, err, "is too large")
	}
	for _, pattern := range []string{`(?m)^Result: (.+)$`, `\d{1,20}`, `(?i)\b(positive|negative|neutral|mixed|unknown)\b`, `\p{L}+`} {
		_, err := answer.Parse("regex:" + pattern)
		require.NoError(t, err)
	}
}
