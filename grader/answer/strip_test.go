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
		{"text before a thought", "Hm. <think>7</think> It is 5.", "Hm. \n It is 5.", ""},
		{"two thoughts", "<think>1</think>a<think>2</think>b", "a\nb", ""},
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
		{"not quite a tag", "<thinks>5</thinks> <think >", "<thinks>5</thinks> <think >", ""},
		{"a cut that would make a tag", "<th<think>7</think>ink>5", "<th\nink>5", ""},
		{"a solution", "<|begin_of_thought|>7<|end_of_thought|>\nhm<|begin_of_solution|>5<|end_of_solution|>bye", "5", ""},
		{"two solutions", "<|begin_of_solution|>5<|end_of_solution|><|begin_of_solution|>6<|end_of_solution|>", "6", ""},
		{"a solution never closed", "x<|begin_of_solution|>5 and", "5 and", ""},
		{"a solution in a thought", "<think><|begin_of_solution|>5<|end_of_solution|></think>6", "6", ""},
		{"a solution in a thought never closed", "<|begin_of_thought|>x<|begin_of_solution|>5<|end_of_solution|>", "", "the reasoning that opens with <|begin_of_thought|>, line 1, is never closed, so there is no final answer"},
		{"a thought in a solution", "<|begin_of_solution|>a<think>7</think>b<|end_of_solution|>c", "a\nb", ""},
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
	require.Equal(t, "ab\ncd\nef", b.Text())
	for i, r := range b.Text() {
		if r != '\n' {
			require.Equal(t, byte(r), in[b.Offset(i)], "byte %d", i)
		}
	}
	require.Equal(t, strings.Index(in, "<think>x"), b.Offset(2))
	require.Equal(t, len(in), b.Offset(len(b.Text())))
	require.Zero(t, answer.Strip("").Offset(0))
}
