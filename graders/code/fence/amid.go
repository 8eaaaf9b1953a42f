package fence

import (
	"regexp"
	"strings"
)

// opener is how a line begins that opens a program and hardly ever a sentence.
var opener = regexp.MustCompile(`^(?:(?:async )?def \w+ ?\(|class \w+ ?[(:{]|import [\w.]+(?: as \w+)?(?:, ?[\w.]+(?: as \w+)?)*;?$|from [\w.]+ import [\w*(]|#include ?[<"]|#!/|package \w+;?$|` +
	`func \w+\(|(?:async )?function\*? \w+ ?\(|(?:export )?(?:const|let|var) \w+ = |(?:public |final |abstract )+class \w+|use std::|(?:pub )?fn \w+[(<])`)

// amid finds the code in a text that has no block: lines from one that opens a
// program to the first that is neither indented nor looks like code. Where several
// stretches do, the last that defines what is looked for counts; where that is not
// known, none does.
func (s Search) amid(text string) (string, bool) {
	if s.Defines == nil {
		return "", false
	}
	var found []string
	var run []string
	end := func() {
		if len(run) > 0 {
			found = append(found, strings.TrimRight(strings.Join(run, "\n"), " \t\n")+"\n")
		}
		run = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case len(run) == 0:
			if opener.MatchString(line) {
				run = append(run, line)
			}
		case strings.TrimSpace(line) == "" || line[0] == ' ' || line[0] == '\t' || codeLine(line, s.Names):
			run = append(run, line)
		default:
			end()
		}
	}
	end()
	for i := len(found) - 1; i >= 0; i-- {
		if s.Defines(found[i]) {
			return found[i], true
		}
	}
	return "", false
}
