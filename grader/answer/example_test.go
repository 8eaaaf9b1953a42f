package answer_test

import (
	"fmt"

	"github.com/rftgrader/rftgrader/grader/answer"
)

func Example() {
	find := answer.MustParse("boxed", "hashes", "marker")
	for _, response := range []string{
		`<think>It might be \boxed{7}.</think>So we get $\boxed{\frac{1}{2}}$.`,
		"He buys 3 * 6 = 18 eggs.\n#### 18",
		"**Final Answer:** $1,000.\nI hope that helps.",
		`<think>It might be \boxed{7}.`,
	} {
		found := find.Find(response)
		fmt.Printf("%q %s\n", found.Text, found.Why)
	}
	// Output:
	// "\\frac{1}{2}" boxed: the last box, line 1
	// "18" hashes: behind the last ####, line 2
	// "$1,000" marker: behind the last marker, line 1
	// "" the reasoning that opens with <think>, line 1, is never closed, so there is no final answer
}

func ExampleFinders_Find() {
	response := "Here you are:\n\n```json\n{\"city\": \"Paris\", \"sources\": [1, 2]}\n```\n"
	for _, name := range []string{"json:/city", "json:/sources", "code", "tag:answer"} {
		found := answer.MustParse(name).Find(response)
		fmt.Println(found.OK, found.Text)
	}
	// Output:
	// true Paris
	// true [1,2]
	// true {"city": "Paris", "sources": [1, 2]}
	// false
}

func ExampleStrip() {
	body := answer.Strip("<think>Let me see.</think>\nParis")
	fmt.Printf("%q begins at byte %d\n", body.Text(), body.Offset(0))
	fmt.Println(answer.Strip("Paris <think>or").Why())
	// Output:
	// "\nParis" begins at byte 26
	// the reasoning that opens with <think>, line 1, is never closed, so there is no final answer
}

func ExampleParse() {
	_, err := answer.Parse("boxd")
	fmt.Println(err)
	// Output:
	// unknown finder "boxd"; did you mean "boxed"? (there are boxed, hashes, tag:NAME, marker, last_number, last_line, code, json:/POINTER, regex:PATTERN, whole)
}
