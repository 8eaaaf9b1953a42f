package mathexpr

// symbols returns the letters and constants that LaTeX, Unicode and plain text
// have names for.
func symbolName(name string) bool {
	switch name {
	case "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota",
		"kappa", "lambda", "mu", "nu", "xi", "omicron", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon",
		"phi", "varphi", "chi", "psi", "omega",
		"Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
		"hbar", "ell", "aleph", "mho", "Omicron":
		return true
	}
	return false
}

// greekNames are the names of the letters from U+03B1 on, as LaTeX has them.
const greekNames = "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon varphi chi psi omega"

// function returns the reader's name of a function that LaTeX or plain text
// names.
func function(name string) (string, bool) {
	switch name {
	case "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch",
		"ln", "log", "lg", "exp", "abs", "floor", "ceil", "max", "min", "gcd", "lcm", "det", "tr", "arg", "sgn", "lb",
		"deg", "dim", "ker", "rank", "round", "cis":
		return name, true
	case "cosec":
		return "csc", true
	case "tg":
		return "tan", true
	case "ctg", "cotg":
		return "cot", true
	case "sh":
		return "sinh", true
	case "ch":
		return "cosh", true
	case "th":
		return "tanh", true
	case "arcsin", "asin":
		return "asin", true
	case "arccos", "acos":
		return "acos", true
	case "arctan", "atan", "arctg":
		return "atan", true
	case "arccot", "acot", "arcctg":
		return "acot", true
	case "arcsec", "asec":
		return "asec", true
	case "arccsc", "acsc":
		return "acsc", true
	case "arcsinh", "asinh", "arsinh":
		return "asinh", true
	case "arccosh", "acosh", "arcosh":
		return "acosh", true
	case "arctanh", "atanh", "artanh":
		return "atanh", true
	case "ceiling":
		return "ceil", true
	case "sign":
		return "sgn", true
	case "Tr", "trace":
		return "tr", true
	case "Max":
		return "max", true
	case "Min":
		return "min", true
	case "hcf", "GCD":
		return "gcd", true
	case "LCM":
		return "lcm", true
	case "Re", "Im", "Arg", "Log", "Ln":
		switch name {
		case "Arg":
			return "arg", true
		case "Log":
			return "log", true
		case "Ln":
			return "ln", true
		}
		return name, true
	}
	return "", false
}

// operatorCommand returns what a command of LaTeX stands for as an operator.
func operatorCommand(name string) (string, bool) {
	switch name {
	case "cdot", "times", "ast", "bullet", "star", "odot", "otimes":
		return "*", true
	case "div":
		return "/", true
	case "pm":
		return "±", true
	case "mp":
		return "∓", true
	case "le", "leq", "leqslant", "leqq":
		return "<=", true
	case "ge", "geq", "geqslant", "geqq":
		return ">=", true
	case "lt", "less":
		return "<", true
	case "gt":
		return ">", true
	case "ne", "neq":
		return "!=", true
	case "approx", "simeq", "sim", "thickapprox", "doteq", "approxeq":
		return "≈", true
	case "equiv", "cong":
		return "≡", true
	case "in", "isin":
		return "∈", true
	case "notin":
		return "∉", true
	case "cup", "sqcup", "cupdot", "bigcup", "uplus":
		return "∪", true
	case "cap", "bigcap":
		return "∩", true
	case "setminus", "backslash", "smallsetminus":
		return "∖", true
	case "subset", "subseteq", "subsetneq":
		return "⊂", true
	case "supset", "supseteq":
		return "⊃", true
	case "to", "rightarrow", "longrightarrow", "mapsto", "Rightarrow", "Longrightarrow", "implies":
		return "→", true
	case "mid":
		return "mid", true
	case "colon":
		return ":", true
	case "bmod", "mod":
		return "mod", true
	case "wedge", "land":
		return "∧", true
	case "vee", "lor":
		return "∨", true
	case "therefore", "because":
		return "", true
	case "prime":
		return "'", true
	case "triangle", "angle", "measuredangle", "odotcirc", "parallelogram":
		return "", true
	}
	return "", false
}

// silent reports whether a command only concerns how things look.
func silent(name string) bool {
	switch name {
	case "left", "right", "mleft", "mright", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
		"biggl", "biggr", "Biggl", "Biggr", "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "quad", "qquad", "enspace",
		"thinspace", "medspace", "thickspace", "negthinspace", "nobreak", "allowbreak", "rm", "bf", "it", "boldmath", "large",
		"Large", "LARGE", "small", "normalsize", "hfill", "noindent", "centering", "hline", "strut", "mathstrut",
		"nonumber", "notag", "relax", "break", "newline", "par", "bigm", "biggm", "upright", "cr":
		return true
	}
	return false
}

// wrapper reports whether a command takes an argument and only changes how it
// looks.
func wrapper(name string) bool {
	switch name {
	case "boxed", "fbox", "mathbb", "mathcal", "mathfrak", "mathscr", "mathsf", "mathit", "mathnormal", "bm", "boldsymbol", "pmb",
		"variable", "underline", "widehat", "widetilde", "tilde", "bar", "dot", "ddot", "vec", "hat", "overrightarrow", "overbrace", "underbrace",
		"cancel", "phantom", "smash", "ensuremath", "mathbf", "color", "mathop", "mathbin", "mathrel", "mathord", "displaylines", "text@", "overleftarrow", "underset", "overset", "stackrel",
		"breve", "check", "grave", "acute", "mathring", "overleftrightarrow", "beginboxed":
		return true
	}
	return false
}

// textual reports whether a command takes text as its argument.
func textual(name string) bool {
	switch name {
	case "text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "textup", "mbox", "hbox", "mathrm", "mathtt", "emph",
		"operatorname", "textsc", "textsl", "mathup", "unit", "intertext", "tag", "textmd", "SI", "si":
		return true
	}
	return false
}

// structural reports whether a command has a place of its own in the grammar.
func structural(name string) bool {
	switch name {
	case "frac", "sqrt", "surd", "binom", "sum", "prod", "int", "lim", "begin", "end", "overline", "infty", "pi", "emptyset", "pmod",
		"choose", "iint", "oint", "partial", "nabla", "forall", "exists", "cbrt", "over", "perm":
		return true
	}
	return false
}

// alias returns the one name under which the reader knows a command.
func alias(name string) string {
	switch name {
	case "dfrac", "tfrac", "cfrac", "fraction", "ffrac":
		return "frac"
	case "dbinom", "tbinom", "binomial", "Binom":
		return "binom"
	case "varnothing", "O":
		return "emptyset"
	case "infin", "infinity":
		return "infty"
	case "exponentialE", "mathrme", "euler":
		return "e"
	case "imaginaryI", "imaginaryJ", "imath":
		return "i"
	case "to":
		return "to"
	case "varPi":
		return "Pi"
	case "textdollar":
		return "$"
	case "percent":
		return "%"
	case "lbrack":
		return "["
	case "rbrack":
		return "]"
	case "lbrace":
		return "{"
	case "rbrace":
		return "}"
	case "lgroup", "lparen":
		return "("
	case "rgroup", "rparen":
		return ")"
	case "langle":
		return "<"
	case "rangle":
		return ">"
	case "ulcorner":
		return "lceil"
	case "urcorner":
		return "rceil"
	case "llcorner":
		return "lfloor"
	case "lrcorner":
		return "rfloor"
	case "dots", "cdots", "ldots", "dotsc", "dotsb", "dotsm", "hdots":
		return "..."
	case "degree", "degrees", "textdegree", "circ":
		return "°"
	case "lvert", "rvert", "vert", "lVert", "rVert", "Vert":
		return "|"
	case "reals", "R":
		return "ℝ"
	case "Z":
		return "ℤ"
	case "N":
		return "ℕ"
	case "Q":
		return "ℚ"
	case "C":
		return "ℂ"
	}
	return name
}

// knownCommand reports whether the reader knows a command of LaTeX.
func knownCommand(name string) bool {
	if name == "" {
		return false
	}
	if a := alias(name); a != name {
		return true
	}
	if _, ok := function(name); ok {
		return true
	}
	if _, ok := operatorCommand(name); ok {
		return true
	}
	return structural(name) || silent(name) || wrapper(name) || textual(name) || symbolName(name) ||
		name == "lceil" || name == "rceil" || name == "lfloor" || name == "rfloor"
}

// numberWord returns the value of an English number word, or of the scale
// that a word such as million stands for.
func numberWord(w string) (value int64, scale, ok bool) {
	switch w {
	case "zero":
		return 0, false, true
	case "one":
		return 1, false, true
	case "two":
		return 2, false, true
	case "three":
		return 3, false, true
	case "four":
		return 4, false, true
	case "five":
		return 5, false, true
	case "six":
		return 6, false, true
	case "seven":
		return 7, false, true
	case "eight":
		return 8, false, true
	case "nine":
		return 9, false, true
	case "ten":
		return 10, false, true
	case "eleven":
		return 11, false, true
	case "twelve":
		return 12, false, true
	case "thirteen":
		return 13, false, true
	case "fourteen":
		return 14, false, true
	case "fifteen":
		return 15, false, true
	case "sixteen":
		return 16, false, true
	case "seventeen":
		return 17, false, true
	case "eighteen":
		return 18, false, true
	case "nineteen":
		return 19, false, true
	case "twenty":
		return 20, false, true
	case "thirty":
		return 30, false, true
	case "forty", "fourty":
		return 40, false, true
	case "fifty":
		return 50, false, true
	case "sixty":
		return 60, false, true
	case "seventy":
		return 70, false, true
	case "eighty":
		return 80, false, true
	case "ninety":
		return 90, false, true
	case "hundred", "hundreds":
		return 100, true, true
	case "thousand", "thousands":
		return 1000, true, true
	case "million", "millions":
		return 1e6, true, true
	case "billion", "billions":
		return 1e9, true, true
	case "trillion", "trillions":
		return 1e12, true, true
	case "dozen":
		return 12, true, true
	}
	return 0, false, false
}

// ordinalFraction returns the denominator that a word stands for, as in
// "two thirds".
func ordinalFraction(w string) int64 {
	switch w {
	case "half", "halves":
		return 2
	case "third", "thirds":
		return 3
	case "quarter", "quarters", "fourth", "fourths":
		return 4
	case "fifth", "fifths":
		return 5
	case "sixth", "sixths":
		return 6
	case "seventh", "sevenths":
		return 7
	case "eighth", "eighths":
		return 8
	case "ninth", "ninths":
		return 9
	case "tenth", "tenths":
		return 10
	}
	return 0
}

// fillerWord reports whether a word before an answer says nothing of it.
func fillerWord(w string) bool {
	switch w {
	case "only", "about", "approximately", "approx", "around", "the", "answer", "is", "are", "exactly", "roughly", "value", "equals",
		"equal", "to", "be", "of", "total", "a", "an", "result", "solution", "solutions", "just", "nearly", "almost", "either", "both", "option", "choice", "final", "therefore", "thus", "so",
		"hence", "we", "get", "have", "solution set", "all", "real", "values", "correct", "answers", "that", "it", "there", "exists", "namely", "ans", "set", "interval", "point", "points", "line":
		return true
	}
	return false
}

// qualifierWord reports whether a word behind an answer begins a remark on it.
func qualifierWord(w string) bool {
	switch w {
	case "for", "where", "when", "if", "with", "because", "since", "as", "such", "given", "provided", "while", "which", "whenever", "so", "assuming", "but", "then", "by", "that", "on", "from", "using":
		return true
	}
	return false
}
