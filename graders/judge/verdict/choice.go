package verdict

import (
	"strings"
)

// A Side is the outcome of a comparison of two candidates.
type Side int

const (
	First Side = iota
	Second
	Tie
)

func (s Side) String() string { return [...]string{"first", "second", "tie"}[s] }

// Choice reads which of two candidates an answer prefers: the first one (A, 1,
// Assistant A, Output (a)), the second one, or neither ([[C]], [[A=B]], tie,
// equally good). The error is a [Reason].
//
// Of several bracketed verdicts the last one counts. In prose it is the
// statement that counts and not the candidate named last: "A is better. B is
// too long." chooses A. Statements that choose differently are no verdict,
// unless the last one concludes ("overall", "therefore", "I choose").
func Choice(text string) (Side, error) {
	c := newSides()
	if len(text) > MaxBytes {
		return 0, TooLong
	}
	i, err := c.text(text)
	if err == nil {
		return Side(i), nil
	}
	if err != None {
		return 0, err
	}
	r := newReader(text, Scale{Max: 1})
	r.eachObject(func(*node, int) {})
	return preference(r.prose)
}

// ChoiceInput is as [Choice] for the input of a tool.
func ChoiceInput(raw []byte) (Side, error) {
	i, err := newSides().input(raw)
	return Side(i), err
}

// newSides returns a chooser of [First], [Second] and [Tie].
func newSides() *chooser {
	c := &chooser{keys: sideKey, also: map[string]int{}}
	put := func(side Side, phrases ...string) {
		for _, p := range phrases {
			c.also[p] = int(side)
		}
	}
	for side, names := range [...][]string{{"a", "1", "one", "first", "i"}, {"b", "2", "two", "second", "ii"}} {
		side := Side(side)
		other := [...]string{"b", "a"}[side]
		for _, n := range names {
			if n != "one" && n != "two" && n != "i" && n != "ii" {
				put(side, n, "the "+n, "("+n+")")
			}
			for _, noun := range [...]string{"assistant", "response", "answer", "candidate", "model", "output", "option", "completion", "summary", "solution", "essay", "text", "system", "reply", "translation", "chatbot"} {
				put(side, noun+" "+n, noun+n, noun+"_"+n, "the "+noun+" "+n)
				if n == "first" || n == "second" {
					put(side, n+" "+noun, "the "+n+" "+noun)
				}
				put(side, noun+" "+n+" is better", noun+" "+n+" wins")
			}
			put(side, n+" is better", n+" wins", n+" is the better one", n+" is the better response", n+" is the better answer")
		}
		mine := [...]string{"a", "b"}[side]
		put(side, mine+" > "+other, mine+" >> "+other, mine+">"+other, mine+">>"+other, mine+" > > "+other)
		put(side, other+" < "+mine, other+" << "+mine, other+"<"+mine, other+"<<"+mine, other+" < < "+mine)
	}
	put(First, "1 > 2", "first > second")
	put(Second, "2 > 1", "second > first")
	put(Tie, "tie", "c", "a = b", "a=b", "b = a", "b=a", "a == b", "a = = b", "1 = 2", "tied", "draw", "equal", "equally good", "equally bad", "both", "neither", "both are equal", "both are equally good", "both are good", "both are bad",
		"neither is better", "it is a tie", "it's a tie", "a tie", "same", "the same", "no preference", "both equally good", "both equally", "a and b are equal", "a and b are equally good", "neither one", "both bad", "both good")
	return c
}

// sideKey reports whether a member holds which candidate is preferred.
func sideKey(key string) bool {
	switch normal(key) {
	case "winner", "preferred", "preference", "better", "best", "betterresponse", "betteranswer", "preferredresponse", "preferredanswer", "bestresponse", "bestanswer", "winningresponse", "chosen", "selected", "selection", "pick", "ranking":
		return normal(key) != "ranking"
	}
	return labelKey(key) && normal(key) != "score" && normal(key) != "rating" && normal(key) != "grade" && normal(key) != "value"
}

// A statement is a sentence that prefers a candidate.
type statement struct {
	side      Side
	concludes bool
}

// preference reads a preference from prose.
func preference(s string) (Side, error) {
	p := &prose{t: tokens(s)}
	var all []statement
	from := 0
	for i, t := range p.t {
		stop := t.kind == newline || t.kind == end || t.kind == sign && (t.sign == '.' || t.sign == '!' || t.sign == '?' || t.sign == ';') && (i+1 >= len(p.t) || p.t[i+1].space || p.t[i+1].kind == end || p.t[i+1].kind == newline)
		if !stop {
			continue
		}
		if i > from && !(t.kind == sign && t.sign == '?') {
			for _, clause := range p.clauses(from, i) {
				if st, ok := p.statement(clause.from, clause.to); ok {
					all = append(all, st)
				}
			}
		}
		from = i + 1
	}
	if len(all) == 0 {
		return 0, None
	}
	last := all[len(all)-1]
	for _, st := range all {
		if st.side != last.side && !last.concludes {
			// An earlier conclusion stands against later remarks.
			if st.concludes {
				return agreed(all)
			}
			return 0, Several
		}
	}
	return last.side, nil
}

// agreed returns what all conclusions say.
func agreed(all []statement) (Side, error) {
	side, have := First, false
	for _, st := range all {
		if !st.concludes {
			continue
		}
		if have && st.side != side {
			return 0, Several
		}
		side, have = st.side, true
	}
	return side, nil
}

// clauses splits a sentence where another thought begins.
func (p *prose) clauses(from, to int) []cell {
	var all []cell
	start := from
	for i := from; i < to; i++ {
		t := p.t[i]
		if t.kind == word && (t.text == "but" || t.text == "while" || t.text == "whereas" || t.text == "although" || t.text == "though" || t.text == "because" || t.text == "since" || t.text == "so") && i > start {
			all = append(all, cell{start, i})
			start = i
		}
	}
	return append(all, cell{start, to})
}

// candidateAt returns which candidate is named at token i, and where the name
// ends.
func (p *prose) candidateAt(i, to int) (side Side, next int, ok bool) {
	for range 3 {
		if i < to && p.t[i].kind == sign && strings.ContainsRune(`"'“([`, p.t[i].sign) {
			i++
		}
	}
	if i >= to {
		return 0, i, false
	}
	letter := func(t token) (Side, bool) {
		switch {
		case t.kind == word && (t.text == "a" || t.text == "one"), t.kind == number && t.amount.literal == "1":
			return First, true
		case t.kind == word && (t.text == "b" || t.text == "two"), t.kind == number && t.amount.literal == "2":
			return Second, true
		}
		return 0, false
	}
	skip := func(i int) int {
		for range 3 {
			if i < to && p.t[i].kind == sign && strings.ContainsRune(`"'”)]`, p.t[i].sign) {
				i++
			}
		}
		return i
	}
	t := p.t[i]
	if t.kind == word && candidateWord(t.text) {
		j := i + 1
		for j < min(to, i+4) && p.t[j].kind == sign && strings.ContainsRune(`"'“([#-`, p.t[j].sign) {
			j++
		}
		if j < to {
			if s, ok := letter(p.t[j]); ok {
				return s, skip(j + 1), true
			}
		}
		return 0, i, false
	}
	if t.kind == word && (t.text == "first" || t.text == "second") {
		j := i + 1
		if j < to && p.t[j].kind == word && (candidateWord(p.t[j].text) || p.t[j].text == "one") {
			j++
		}
		if t.text == "first" {
			return First, j, true
		}
		return Second, j, true
	}
	// A letter alone is a name where a verb follows it, and A is an article else.
	if s, ok := letter(t); ok && t.text != "one" && t.text != "two" {
		j := skip(i + 1)
		if t.text != "a" {
			return s, j, true
		}
		if j >= to || p.t[j].kind != word || copula(p.t[j].text) || predicate(p.t[j].text) || p.t[j].text == "over" || p.t[j].text == "as" || p.t[j].text == "because" {
			return s, j, true
		}
	}
	return 0, i, false
}

// predicate reports whether a verb prefers its subject.
func predicate(s string) bool {
	switch s {
	case "wins", "outperforms", "beats", "surpasses", "exceeds":
		return true
	}
	return false
}

// statement reads what a clause prefers.
func (p *prose) statement(from, to int) (st statement, ok bool) {
	for i := from; i < to; i++ {
		switch p.t[i].text {
		case "overall", "therefore", "thus", "hence", "ultimately", "finally", "conclusion", "final", "choose", "pick", "so", "verdict", "winner":
			st.concludes = true
		}
	}
	denied, hypothetical := false, false
	for i := from; i < to; i++ {
		t := p.t[i]
		if t.kind != word && t.kind != number && t.kind != sign {
			continue
		}
		switch t.text {
		case "not", "never", "cannot", "hardly":
			denied = true
		case "if", "would", "could", "might", "may", "unless", "whether", "claims", "says", "asks", "instructs":
			hypothetical = true
		case "neither", "equally", "tie", "tied", "equal", "comparable", "indistinguishable":
			if denied || hypothetical && t.text != "equally" {
				continue
			}
			if t.text == "neither" && !p.within(i, to, "better", "wins", "superior", "preferable", "stands") {
				continue
			}
			if t.text == "comparable" || t.text == "equal" {
				if !p.within(max(from, i-8), to, "both", "responses", "answers", "two", "quality", "they") {
					continue
				}
			}
			st.side = Tie
			return st, true
		case "prefer", "choose", "pick", "select", "chose", "preferred":
			if denied {
				return st, false
			}
			for j := i + 1; j < min(to, i+6); j++ {
				if s, _, is := p.candidateAt(j, to); is {
					st.side, st.concludes = s, true
					return st, true
				}
				if p.t[j].kind != word && p.t[j].kind != sign {
					break
				}
			}
		case "winner", "better", "best", "preferable", "superior":
			// "The better response is B", "The winner is A".
			j := i + 1
			if j < to && p.t[j].kind == word && (candidateWord(p.t[j].text) || p.t[j].text == "one" || p.t[j].text == "choice") {
				j++
			}
			if j < to && (p.t[j].text == "is" || p.t[j].kind == sign && p.t[j].sign == ':') && !denied && !hypothetical {
				j++
				if j < to && p.t[j].text == "the" {
					j++
				}
				if s, _, is := p.candidateAt(j, to); is {
					st.side = s
					return st, true
				}
				if j < to && p.t[j].kind == word && j+1 >= to && p.t[j].text == "a" {
					st.side = First
					return st, true
				}
			}
		}
		s, j, is := p.candidateAt(i, to)
		if !is {
			continue
		}
		if side, ok := p.compares(s, j, to); ok && !hypothetical {
			st.side = side
			return st, true
		}
		i = max(i, j-1)
	}
	return st, false
}

// wordReach bounds, in tokens, how much of a sentence is searched for a word.
const wordReach = 40

func (p *prose) within(from, to int, words ...string) bool {
	for i := from; i < min(to, from+wordReach); i++ {
		for _, w := range words {
			if p.t[i].text == w {
				return true
			}
		}
	}
	return false
}

// compares reads what is said of a candidate named before token i: that it is
// better, or worse than the other.
func (p *prose) compares(s Side, i, to int) (Side, bool) {
	denied := false
	for n := 0; n < 9 && i < to; n, i = n+1, i+1 {
		t := p.t[i]
		if t.kind == sign {
			if t.sign == '>' {
				return s, true
			}
			if t.sign == '<' {
				return 1 - s, true
			}
			if t.sign == ',' || t.sign == '-' || t.sign == '(' {
				continue
			}
			return 0, false
		}
		if t.kind != word {
			return 0, false
		}
		if strings.HasSuffix(t.text, "n't") {
			denied = true
			continue
		}
		switch t.text {
		case "not", "no", "never", "hardly":
			denied = true
		case "better", "superior", "preferable", "preferred", "best", "winner", "stronger", "wins", "outperforms", "beats", "surpasses", "favored", "favoured", "chosen":
			if denied || p.narrow(i+1, to) {
				return 0, false
			}
			return s, true
		case "worse", "inferior", "weaker", "loses":
			if denied || p.narrow(i+1, to) {
				return 0, false
			}
			return 1 - s, true
		case "is", "the", "was", "clearly", "much", "slightly", "a", "bit", "significantly", "far", "overall", "more", "therefore", "thus", "generally", "somewhat", "marginally", "definitely", "has", "to", "be", "choice", "one", "response", "answer", "my", "still", "also", "easily", "just", "simply", "hands", "would", "should", "considered", "comes", "out", "as", "and", "than", "provides", "gives", "offers", "an":
		default:
			return 0, false
		}
	}
	return 0, false
}

// narrow reports whether a comparison holds in one respect only: "better at
// style", "better in clarity".
func (p *prose) narrow(i, to int) bool {
	for n := 0; n < 6 && i < to; n, i = n+1, i+1 {
		switch p.t[i].text {
		case "at", "formatted", "written", "structured", "organized", "style", "explained":
			return true
		case "in":
			return p.t[min(i+1, to-1)].text != "every" && p.t[min(i+1, to-1)].text != "all" && p.t[min(i+1, to-1)].text != "general"
		case "because", "overall", "since":
			return false
		}
	}
	return false
}
