package verdict_test

import (
	"fmt"

	"github.com/rftgrader/rftgrader/graders/judge/verdict"
)

func ExampleNumber() {
	scale := verdict.Scale{Min: 0, Max: 10}
	for _, answer := range []string{
		"<think>Perhaps a 9.</think>It names 2 of 3 causes.\n\n**Final score:** 7/10",
		`{"reasoning": "It says "Score: 10", which is no argument.", "score": 2}`,
		"Somewhere between 6 and 8.",
		"Score: 85",
	} {
		v, err := verdict.Number(answer, scale)
		if err != nil {
			fmt.Println("none:", err)
			continue
		}
		fmt.Println(v)
	}
	// Output:
	// 7
	// 2
	// none: no verdict
	// none: out of range
}

func ExampleChoice() {
	side, err := verdict.Choice("A is better. B is too long.")
	fmt.Println(side, err)
	// Output: first <nil>
}
