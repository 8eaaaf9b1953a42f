package grader_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/rftgrader/rftgrader/grader"
)

// A kind of a team's own: how many of the words that the row asks for does the
// answer use?
func ExampleDefine() {
	type Options struct {
		Words grader.Pointer `json:"words" doc:"where the list of words is"`
		Least int            `json:"least" doc:"how many words of them must occur"`
	}
	kind := grader.Define("words", "Words counts the words that were asked for.", Options{Words: grader.MustPointer(""), Least: 1},
		func(_ *grader.Env, o Options) (grader.Grader, error) {
			if o.Least < 1 {
				return nil, grader.Optionf("/least", "want 1 or more, got %d", o.Least)
			}
			return grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
				ref, err := r.Lookup(o.Words)
				if err != nil {
					return grader.Result{}, err
				}
				words, err := ref.Texts()
				if err != nil {
					return grader.Result{}, err
				}
				used := 0
				for _, w := range words {
					if strings.Contains(r.Response(), w) {
						used++
					}
				}
				return grader.Result{
					Score:   min(1, float64(used)/float64(o.Least)),
					Metrics: []grader.Metric{grader.Measure("words_used", float64(used))},
					Reason:  fmt.Sprintf("%d of %d words", used, len(words)),
				}, nil
			}), nil
		})
	fmt.Println(grader.Validate(kind))

	g, err := kind.New(nil, []byte(`{"least": 2}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	item := grader.DecodeRollout([]byte(`{"id": "1", "reference_answer": ["sun", "moon", "star"], "messages": [
		{"role": "user", "content": "Write a poem."}, {"role": "assistant", "content": "The moon is up."}]}`))
	result, err := g.Grade(context.Background(), item.Rollout)
	fmt.Println(result.Score, result.Reason, err)

	_, err = kind.New(nil, []byte(`{"lest": 2}`))
	fmt.Println(err)
	_, err = kind.New(nil, []byte(`{"least": 0}`))
	fmt.Println(err)
	// Output:
	// <nil>
	// 0.5 1 of 3 words <nil>
	// lest: no such option; did you mean "least"? (there are words, least)
	// least: want 1 or more, got 0
}

func ExampleDecode() {
	items, err := grader.Decode([]byte(`[
		{"id": "a", "messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}], "reference_answer": "4"},
		{"id": 17, "messages": []},
		{"id": "c", "messages": [{"role": "assistant", "content": [{"type": "text", "text": "5"}]}], "metadata": {"reference_answer": 5}}
	]`))
	fmt.Println(len(items), err)
	for _, it := range items {
		fmt.Printf("%s %q %s %v\n", it.ID, it.Rollout.Response(), it.Rollout.Reference.Raw(), it.Err)
	}
	// Output:
	// 3 <nil>
	// "a" "4" "4" <nil>
	// 17 ""  /messages: the list of messages is empty
	// "c" "5" 5 <nil>
}

func ExampleAppendResponse() {
	items, _ := grader.Decode([]byte(`[{"id": "123", "messages": [{"role": "assistant", "content": "4"}]}]`))
	response, err := grader.AppendResponse(nil, []grader.Score{{
		ID:      items[0].ID,
		Reward:  0.85,
		Metrics: []grader.Metric{grader.Reward("accuracy", 0.9), grader.Measure("length", 1)},
	}})
	fmt.Println(string(response), err)
	// Output:
	// [{"id":"123","aggregate_reward_score":0.85,"metrics_list":[{"name":"accuracy","value":0.9,"type":"Reward"},{"name":"length","value":1,"type":"Metric"}]}] <nil>
}

func ExampleParseFormula() {
	f, err := grader.ParseFormula("gate(correct, 0.5 + 0.5*tone)")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Names())
	for _, correct := range []float64{0, 1} {
		score, err := f.Eval(func(name string) (float64, error) {
			fmt.Println("look up", name)
			if name == "correct" {
				return correct, nil
			}
			return 0.8, nil
		})
		fmt.Println(score, err)
	}

	_, err = grader.ParseFormula("gat(correct, 1)")
	offset, _ := grader.FormulaOffset(err)
	fmt.Println(offset, err)
	// Output:
	// [correct tone]
	// look up correct
	// 0 <nil>
	// look up correct
	// look up tone
	// 0.9 <nil>
	// 0 no function "gat"; did you mean "gate"? (there are abs, ceil, clamp, exp, floor, gate, if, log, max, mean, min, sqrt)
}

func ExampleRollout_Lookup() {
	item := grader.DecodeRollout([]byte(`{"id": "1", "messages": [{"role": "assistant", "content": "4"}],
		"reference_answer": {"final_answer": "4", "steps": ["2+2", "4"]}, "metadata": {"task": "sums"}}`))
	for _, pointer := range []string{"/final_answer", "/steps/0", "metadata:/task", "/answer"} {
		ref, err := item.Rollout.Lookup(grader.MustPointer(pointer))
		fmt.Printf("%s: %s %v\n", pointer, ref.Raw(), err)
		if err != nil {
			fmt.Println(grader.FaultOf(err))
		}
	}
	// Without a pointer a reference of several members is never guessed at.
	_, err := item.Rollout.Lookup(grader.Pointer{})
	fmt.Println(err)
	// Output:
	// /final_answer: "4" <nil>
	// /steps/0: "2+2" <nil>
	// metadata:/task: "sums" <nil>
	// /answer: {"final_answer": "4", "steps": ["2+2", "4"]} /reference_answer/answer: no such member: /reference_answer is an object; it has /final_answer, /steps
	// data
	// /reference_answer: want a string, a number or an object with one member, got an object; it has /final_answer, /steps: set the option reference to a JSON pointer ("" for the whole)
}

func ExampleFunc() {
	brief := grader.Func(func(_ context.Context, r *grader.Rollout) (grader.Result, error) {
		if n := len(r.Response()); n > 20 {
			return grader.Result{Reason: fmt.Sprintf("%d bytes are more than 20", n)}, nil
		}
		return grader.Result{Score: 1, Reason: "brief"}, nil
	})
	for _, answer := range []string{"42", "Well, let me think about that."} {
		result, err := brief.Grade(context.Background(), &grader.Rollout{
			Messages: []grader.Message{{Role: "assistant", Content: grader.TextContent(answer)}},
		})
		fmt.Println(result.Score, result.Reason, err)
	}
	// Output:
	// 1 brief <nil>
	// 0 30 bytes are more than 20 <nil>
}
