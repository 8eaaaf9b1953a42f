package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader/answer"
)

func TestStrip(t *testing.T) {
	for _, c := range []struct{ name, in, want, why string }{
		{"no reasoning", "It is 5.", "It is 5.", ""},
		{"a thought", "<think>maybe 7</think>It is 5.", "It is 5.", ""},
		{"a thought in another tag", "<thinking>maybe 7</thinking>5", "5", ""},
		{"a thought in a third tag", "<reasoning>maybe 7</reasoning>5", "5", ""},
		{"Nova's thought", "<|begin_of_thought|>7<|end_of_thought|>5", "5", ""},
		{"any case", "<Think>7</THINK>5", "5", ""},
		{"an empty thought", "<think>\n\n</think>\n\n5", "\n\n5", ""},
		{"text before a thought", "Hm. <think>7</think> It is 5.", " It is 5.", ""},
		{"text before a last thought", "It is 5. <think>7</think>\n", "It is 5. ", ""},
		{"text before two last thoughts", "It is 5. <think>7</think>\n<think></think>", "It is 5. ", ""},
		{"two thoughts", "<think>1</think>a<think>2</think>b", "b", ""},
		{"a closing tag alone", "the template opened it: 7</think>5", "5", ""},
		{"a second closing tag", "<think>7</think>8</think>5", "5", ""},
		{"a closing tag behind text and thoughts", "1<think>2</think>3</reasoning>4", "4", ""},
		{"a thought that names its own tag", "<think>a <think> b</think>5", "5", ""},
		{"a thought that names another tag", "<think>a <reasoning> b</think>5", "5", ""},
		{"a thought that closes another", "<think>a </reasoning> b</think>5", "5", ""},
		{"a thought never closed", "<think>It is 5.", "", "the reasoning that opens with <think>, line 1, is never closed, so there is no final answer"},
		{"text before a thought never closed", "It is 5.\n<think>or", "", "the reasoning that opens with <think>, line 2, is never closed, so there is no final answer"},
		{"a thought closed by another tag", "<think>7</thinking>5", "", "the reasoning that opens with <think>, line 1, is never closed, so there is no final answer"},
		{"nothing but a thought", "<think>It is 5.</think>\n", "", "the response holds nothing but reasoning"},
		{"an empty response", " \n", "", "the response is empty"},
		{"not quite a tag", "<thinks>5</thinks> <think/> <think of a>", "<thinks>5</thinks> <think/> <think of a>", ""},
		{"a cut that would make a tag", "<th<think>7</think>ink>5", "ink>5", ""},
		{"a solution", "<|begin_of_thought|>7<|end_of_thought|>\nhm<|begin_of_solution|>5<|end_of_solution|>bye", "5", ""},
		{"two solutions", "<|begin_of_solution|>5<|end_of_solution|><|begin_of_solution|>6<|end_of_solution|>", "6", ""},
		{"a solution never closed", "x<|begin_of_solution|>5 and", "5 and", ""},
		{"a solution in a thought", "<think><|begin_of_solution|>5<|end_of_solution|></think>6", "6", ""},
		{"a solution in a thought never closed", "<|begin_of_thought|>x<|begin_of_solution|>5<|end_of_solution|>", "", "the reasoning that opens with <|begin_of_thought|>, line 1, is never closed, so there is no final answer"},
		{"a thought in a solution", "<|begin_of_solution|>a<think>7</think>b<|end_of_solution|>c", "b", ""},
		{"a tag with a space", "<think >7</think\t>5", "5", ""},
		{"a tag with attributes", `<thinking budget="9">7</thinking>5`, "5", ""},
		{"a tag with a space never closed", "5 <think >7", "", "the reasoning that opens with <think>, line 1, is never closed, so there is no final answer"},
		{"thought", "<thought>7</thought>5", "5", ""},
		{"analysis", "<analysis>7</analysis>5", "5", ""},
		{"scratchpad", "<scratchpad>7</scratchpad>5", "5", ""},
		{"a reflection behind the answer", "5<reflection>7</reflection>", "5", ""},
		{"Mistral's thought", "[THINK]7[/THINK]5", "5", ""},
		{"Kimi's thought", "◁think▷7◁/think▷5", "5", ""},
		{"Seed's thought", "<seed:think>7</seed:think>5", "5", ""},
		{"Cohere's thought", "<|START_THINKING|>7<|END_THINKING|>5", "5", ""},
		{"channels", "<|channel|>analysis<|message|>7<|end|><|start|>assistant<|channel|>final<|message|>5<|return|>", "5", ""},
		{"channels whose thought was begun in the prompt", "<|channel|>final<|message|>5", "5", ""},
		{"two final channels", "<|channel|>final<|message|>5<|end|><|start|>assistant<|channel|>final<|message|>6<|end|>", "6", ""},
		{"text behind a final channel", "<|channel|>final<|message|>5<|end|> or 6", "5", ""},
		{"a thought behind a final channel", "<|channel|>final<|message|>5<|end|><|channel|>analysis<|message|>7<|end|>", "", "the response holds nothing but reasoning"},
		{"a tool's channel", "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{}<|call|><|channel|>final<|message|>5", "5", ""},
		{"a thought in a final channel", "<|channel|>final<|message|><think>7</think>5", "5", ""},
		{"a channel cut off", "5\n<|channel|>analysis<|message|>7", "", "the reasoning in a channel, line 2, is never closed, so there is no final answer"},
		{"a header cut off", "5<|channel|>fin", "", "the header of a message, line 1, is never closed, so there is no final answer"},
		{"an end token", "5<|im_end|>", "5", ""},
		{"end tokens", "5 </s>\n<|eot_id|><|endoftext|>\n", "5 ", ""},
		{"end tokens behind a thought", "5<think>7</think></s>", "5", ""},
		{"end tokens alone", "</s></s>", "", "the response is empty"},
		{"an end token inside", "5</s>6", "5</s>6", ""},
		{"text that is struck out", "6 <s>5</s>", "6 <s>5</s>", ""},
		{"a thought behind a solution", "<|begin_of_solution|>5<|end_of_solution|><think>7</think>8", "5", ""},
		{"a closing tag behind a solution", "<|begin_of_solution|>5<|end_of_solution|></think>8", "8", ""},
		{"the end of a solution alone", "5<|end_of_solution|>6", "5", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := answer.Strip(c.in)
			require.Equal(t, c.want, b.Text())
			require.Equal(t, c.why, b.Why())
			require.Equal(t, c.want, answer.Strip(b.Text()).Text(), "stripping twice changes nothing")
		})
	}
}

func TestBodyOffset(t *testing.T) {
	in := "ab<think>x</think>cd<think>y</think>ef"
	b := answer.Strip(in)
	require.Equal(t, "ef", b.Text())
	for i := range b.Text() {
		require.Equal(t, b.Text()[i], in[b.Offset(i)], "byte %d", i)
	}
	require.Equal(t, len(in), b.Offset(len(b.Text())))
	require.Zero(t, answer.Strip("").Offset(0))
}

// TestStripKnowsEveryMark checks that each mark is seen, in any case, and what
// looks like one is not.
func TestStripKnowsEveryMark(t *testing.T) {
	for _, m := range [][2]string{
		{"<think>", "</think>"}, {"<Thinking>", "</thinking>"}, {"<thought>", "</THOUGHT>"}, {"<thoughts>", "</thoughts>"},
		{"<reasoning>", "</reasoning>"}, {"<REFLECTION>", "</reflection>"}, {"<analysis>", "</analysis>"}, {"<scratchpad>", "</scratchpad>"},
		{"<seed:think>", "</seed:think>"}, {"<|begin_of_thought|>", "<|end_of_thought|>"}, {"<|START_THINKING|>", "<|END_THINKING|>"},
		{"<|thinking|>", "<|/thinking|>"}, {"<|think|>", "<|/think|>"}, {"[THINK]", "[/THINK]"}, {"◁think▷", "◁/think▷"},
	} {
		t.Run(m[0], func(t *testing.T) {
			require.Equal(t, "b", strings.TrimSpace(answer.Strip(m[0]+"a"+m[1]+"b").Text()))
			require.Equal(t, "b", strings.TrimSpace(answer.Strip("a"+m[1]+"b").Text()))
			require.Empty(t, answer.Strip("b"+m[0]+"a").Text())
		})
	}
	for _, s := range []string{"<answer>5</answer>", "a < b", "[1, 2]", "<table>", "<the", "[/", "<", "</", "<rest>", "<a>"} {
		require.Equal(t, s, answer.Strip(s).Text())
	}
}
