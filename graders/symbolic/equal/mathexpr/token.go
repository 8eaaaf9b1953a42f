package mathexpr

// A kind is what a token is.
type kind uint8

const (
	tEnd      kind = iota
	tNum           // a number: text is as written, num its value
	tLetter        // a variable: text is its name
	tWord          // a word of text
	tCmd           // a command with a place in the grammar: frac, sqrt, sum, ...
	tFunc          // a function: text is the reader's name for it
	tOp            // an operator or a relation
	tOpen          // an opening bracket: ( [ { (bare) S (a set's \{) F (floor) C (ceiling) < A (an opening bar)
	tClose         // a closing bracket
	tBar           // a vertical bar that may open or close
	tComma         // ,
	tSemi          // ;
	tAmp           // &
	tRow           // \\
	tBegin         // text: the environment
	tEndEnv        // text: the environment
	tPercent       // %
	tDegree        // °
	tCurrency      // text: the currency
	tDots          // ...
	tPrime         // '
	tDomain        // text: R, Z, N, Q, C
	tVector        // text: i, j, k in bold or with a hat
)

type token struct {
	kind  kind
	space bool // white space stands before it
	text  string
	num   *Number
	base  string // the digits of a number, if they may be digits of another base
	quote bool   // inside \text
	pos   int    // where it begins
}

func (t *token) is(k kind, text string) bool { return t.kind == k && t.text == text }

func (t *token) op(text string) bool { return t.kind == tOp && t.text == text }

func (t *token) word(text string) bool { return t.kind == tWord && t.text == text }
