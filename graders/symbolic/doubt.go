package symbolic

import "strings"

// doubtful reports whether the sentence around text[start:end] denies, doubts or
// bounds what stands there, or lists it among others, so that it is no answer.
func doubtful(text string, start, end int) bool {
	from, to := sentence(text, start, end)
	head, tail := plainWords(text[from:start]), plainWords(text[end:to])
	if to < len(text) && text[to] == '?' {
		return true // a question gives no answer
	}
	if illustrates(text, start, end) || deniedBefore(text[from:start]) || oneOf(head) {
		return true
	}
	for _, w := range [...]string{"less than", "more than", "greater than", "fewer than", "larger than", "smaller than", "bigger than", "at least", "at most", "up to",
		"no more than", "exceeds", "exceed", "below", "under", "above", "far from", "almost", "nearly", "could be", "might be", "may be", "can be",
		"half of", "root of", "multiple of", "divisible by", "ends in", "ends with", "factor of", "page", "step", "no way it is", "impossible to be", "wrong to say", "different from", "other than", "rather than", "instead of", "unlike", "bounded by", "close to", "not equal to", "not equal", "either", "neither", "between"} {
		if strings.HasSuffix(head, " "+w+" ") {
			return true
		}
	}
	if deniedAfter(tail) || strings.HasPrefix(tail, " or ") || strings.HasPrefix(tail, " digits ") {
		return true
	}
	if f := strings.Fields(head); len(f) > 0 {
		// One of several numbers behind each other.
		last := f[len(f)-1]
		if last == "and" && len(f) > 1 {
			last = f[len(f)-2]
		}
		if strings.Trim(last, "0123456789") == "" {
			return true
		}
	}
	rest := plainWords(text[end:min(len(text), end+400)])
	for _, w := range [...]string{" is unknown ", " are unknown ", " i don't know ", " i do not know ", " not sure ", " no idea ", " is wrong ", " is incorrect ", " is not correct ", " is not right ", " isn't right ", " isn't correct ", " cannot be determined "} {
		if strings.Contains(rest, w) {
			return true
		}
	}
	return false
}

// deniedAfter reports whether words that follow a value deny it.
func deniedAfter(tail string) bool {
	for _, w := range [...]string{" is wrong ", " is incorrect ", " is false ", " is not ", " isn't ", " is impossible ", " cannot ", " can't ", " was wrong ", " would be wrong ", " nor ",
		" does not satisfy ", " doesn't satisfy ", " does not work ", " doesn't work ", " fails ", " seems wrong ", " looks wrong ", " must be wrong ",
		" would be the answer if ", " would be right if ", " would be correct if ", " would have been "} {
		if strings.HasPrefix(tail, w) {
			return true
		}
	}
	return false
}

// deniedBefore reports whether a text ends in words that deny what follows.
func deniedBefore(before string) bool {
	const near = 80 // bytes
	before = before[max(0, len(before)-near):]
	if i := strings.LastIndexAny(before, ".;:!?\n,"); i >= 0 {
		before = before[i+1:]
	}
	head := plainWords(before)
	for _, w := range [...]string{" not ", "n't ", " not be ", "n't be ", " cannot be ", " anything but ", " anything except ", " never ", " never be ", " not equal to ", "n't equal to ", " not equal ", "n't equal "} {
		if strings.HasSuffix(head, w) {
			return true
		}
	}
	return false
}

// illustrates reports whether the words around text[start:end] call it an example
// of the form, a mistake, or what others may say, rather than an answer.
func illustrates(text string, start, end int) bool {
	from, to := sentence(text, start, end)
	head, tail := plainWords(text[from:start]), plainWords(text[end:to])
	for _, w := range [...]string{" is an example ", " is just an example ", " is only an example ", " is the format ", " is a sample "} {
		if strings.HasPrefix(tail, w) {
			return true
		}
	}
	head = strings.TrimSuffix(strings.TrimSuffix(head, "the answer is "), "the answer to be ")
	if label, ok := strings.CutSuffix(strings.TrimRight(text[from:start], " \n*$\\([{"), ":"); ok {
		label = plainWords(label)
		if strings.HasSuffix(label, " wrong ") || strings.HasSuffix(label, " wrong answer ") || strings.HasSuffix(label, " incorrect ") || strings.HasSuffix(label, " incorrect answer ") {
			return true
		}
	}
	for _, w := range [...]string{" wrong answer is ", " wrong answer was ", " wrong answer would be ", " incorrect answer is ", " incorrect answer would be ", " mistake is ",
		" mistake is to answer ", " mistake is to say ", " mistake is to write ", " should look like "} {
		if strings.HasSuffix(head, w) {
			return true
		}
	}
	for _, w := range [...]string{" incorrect ", " wrong ", " mistaken ", " flawed "} {
		_, rest, ok := strings.Cut(head, w)
		if ok && among(strings.TrimSpace(rest), "approach gives", "approach yields", "approach leads to", "method gives", "method yields", "method leads to", "reasoning gives", "reasoning leads to", "solution gives", "solution is", "approach would give", "method would give") {
			return true
		}
	}
	if strings.HasSuffix(head, " write ") && strings.Contains(head, " if the answer ") {
		return true
	}
	if i := strings.LastIndex(text[from:start], ","); i >= 0 {
		head = plainWords(text[from+i+1 : start])
	}
	if i := strings.LastIndex(head, " but "); i >= 0 {
		head = head[i:]
	}
	f := strings.Fields(head)
	for i := max(2, len(f)-6); i < len(f); i++ {
		// "Someone might say": others, not the one who answers.
		if among(f[i], "say", "think", "answer", "guess", "believe", "expect", "conclude") && among(f[i-1], "might", "may", "would") &&
			among(f[i-2], "one", "someone", "somebody", "people", "many", "students", "some", "others") {
			return true
		}
	}
	return false
}

// oneOf reports whether a sentence begins a list of possible values.
func oneOf(head string) bool {
	for _, w := range [...]string{" one of ", " among ", " either "} {
		if i := strings.LastIndex(head, w); i >= 0 {
			rest := strings.Fields(head[i+len(w):])
			if len(rest) > 0 && rest[0][0] >= '0' && rest[0][0] <= '9' {
				return true
			}
		}
	}
	return false
}

// sentence returns the bounds of the sentence around text[start:end].
func sentence(text string, start, end int) (from, to int) {
	const far = 300 // bytes on each side
	from = max(0, start-far)
	for i := start - 1; i >= from; i-- {
		if c := text[i]; c == '\n' || (c == '.' || c == '!' || c == '?') && i+1 < len(text) && text[i+1] == ' ' {
			from = i + 1
			break
		}
	}
	to = min(len(text), end+far)
	for i := end; i < to; i++ {
		if c := text[i]; c == '\n' || (c == '.' || c == '!' || c == '?') && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\n') {
			to = i
			break
		}
	}
	return from, to
}

// plainWords returns a text in lower case with one space around each word, and
// without punctuation and the signs that mark mathematics.
func plainWords(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	s = strings.ToLower(s)
	// Most texts hold nothing to replace, and a Replacer costs more than they do.
	if strings.ContainsAny(s, "’\\") {
		s = strings.NewReplacer("’", "'", `\boxed`, " ", `\text`, " ", `\(`, " ", `\[`, " ").Replace(s)
	}
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" \n\t$*({[]})\\,.;:!?\"`_", r) }) {
		b.WriteString(f)
		b.WriteByte(' ')
	}
	return b.String()
}
