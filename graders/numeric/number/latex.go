package number

// command returns the name of the LaTeX command at src[i] and where it ends,
// or "" where there is none. Backslashes doubled by an escape count as one.
func (l *lexer) command(i int) (name string, end int) {
	if i >= len(l.src) || l.src[i] != '\\' {
		return "", i
	}
	for i < len(l.src) && l.src[i] == '\\' {
		i++
	}
	const longest = 20
	end = i
	for end < len(l.src) && end-i <= longest && l.src[end] < 0x80 && isLetter(l.src[end]) {
		end++
	}
	return string(l.src[i:end]), end
}

func (l *lexer) commandToken() error {
	name, end := l.command(l.pos)
	switch name {
	case "":
		return l.escape(end)
	case "frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac":
		return l.fracCommand(end)
	case "times", "cdot", "ast":
		l.emit(token{kind: kTimes}, end)
	case "text", "textnormal", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "hbox", "mathrm", "operatorname", "emph":
		l.drop(end)
		l.text = true
	case "mathbf", "mathit", "mathsf", "mathtt", "mathnormal", "bm", "boldsymbol", "boxed", "fbox", "underline",
		"displaystyle", "textstyle", "scriptstyle", "bf", "rm", "it", "bfseries",
		"left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
		"large", "Large", "LARGE", "huge", "Huge", "quad", "qquad", "thinspace", "enspace", "space":
		l.drop(end)
	case "approx", "sim", "simeq", "thickapprox":
		l.emit(token{kind: kAbout}, end)
	case "circ", "degree", "textdegree":
		l.emit(token{kind: kDegree}, end)
	case "euro", "texteuro", "pounds", "textsterling", "yen", "textyen", "dollar", "textdollar", "rupee":
		l.emit(token{kind: kCurrency}, end)
	case "percent":
		l.emit(token{kind: kPercent}, end)
	case "permil", "textperthousand":
		l.emit(token{kind: kPerMille, scale: 3}, end)
	case "to", "rightarrow", "Rightarrow", "longrightarrow", "Longrightarrow", "implies", "therefore", "bullet":
		if len(l.tokens) > 0 {
			return ErrExpression
		}
		l.drop(end)
	case "color", "textcolor":
		return l.color(end)
	case "blacksquare", "qed", "checkmark":
		return l.tick(end)
	case "mu", "Omega", "ohm",
		"alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "kappa", "lambda", "nu", "xi", "pi", "rho",
		"sigma", "tau", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Pi", "Sigma", "Phi", "Psi",
		"angle", "measuredangle", "triangle", "ell":
		l.emit(token{kind: kWord}, end)
	case "overline", "bar", "vec", "hat", "widehat":
		// Over a name it changes no number; over digits the number has read it.
		if end+1 >= len(l.src) || l.src[end] != '{' || !isLetter(l.src[end+1]) {
			return ErrExpression
		}
		l.drop(end)
	case "ldots", "dots", "cdots":
		return ErrTrailsOff
	case "pm", "mp", "or":
		return ErrMany
	case "le", "leq", "leqslant", "ge", "geq", "geqslant", "lt", "gt", "ne", "neq":
		return ErrBound
	default:
		return ErrExpression
	}
	return nil
}

// color passes over a colour, {red}. It is a name, and never a number.
func (l *lexer) color(end int) error {
	if !l.has(end, "{") {
		return ErrExpression
	}
	for end++; end < len(l.src) && isLetter(l.src[end]); {
		end++
	}
	if !l.has(end, "}") {
		return ErrExpression
	}
	l.drop(end + 1)
	return nil
}

// fracCommand begins a fraction whose two arguments follow at end.
func (l *lexer) fracCommand(end int) error {
	if l.frac > 0 {
		return ErrExpression
	}
	l.emit(token{kind: kFrac}, end)
	l.frac = 2
	return nil
}

// escape reads a backslash before a character that is no letter.
func (l *lexer) escape(end int) error {
	if end >= len(l.src) {
		l.drop(end)
		return nil
	}
	switch r := l.src[end]; r {
	case '$':
		l.emit(token{kind: kCurrency}, end+1)
	case '%':
		l.emit(token{kind: kPercent}, end+1)
	case ',', ';', ':', '!', '>', ' ', '(', ')', '[', ']', '#', '_', '"', '\'':
		l.drop(end + 1)
	default:
		return ErrExpression
	}
	return nil
}
