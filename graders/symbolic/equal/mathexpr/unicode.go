package mathexpr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold writes a text with the ASCII and the LaTeX that its characters stand
// for, as far as they stand for any.
func fold(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	raised, lowered := false, false
	for _, r := range s[i:] {
		up, isUp := superscript(r)
		isDown := '₀' <= r && r <= '₉'
		if raised && !isUp || lowered && !isDown {
			b.WriteByte('}')
			raised, lowered = false, false
		}
		switch {
		case isUp:
			if !raised {
				b.WriteString("^{")
				raised = true
			}
			b.WriteString(up)
		case isDown:
			if !lowered {
				b.WriteString("_{")
				lowered = true
			}
			b.WriteByte(byte(r-'₀') + '0')
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		default:
			foldRune(&b, r)
		}
	}
	if raised || lowered {
		b.WriteByte('}')
	}
	return slashed(b.String())
}

// slashed mends fractions that were written with raised and lowered digits.
func slashed(s string) string {
	const middle = "}/_{"
	i := strings.Index(s, middle)
	if i < 0 {
		return s
	}
	open := strings.LastIndex(s[:i], "^{")
	end := strings.IndexByte(s[i+len(middle):], '}')
	if open < 0 || end < 0 {
		return s
	}
	end += i + len(middle)
	return s[:open] + `\frac{` + s[open+2:i] + "}{" + s[i+len(middle):end] + "}" + s[end+1:]
}

func foldRune(b *strings.Builder, r rune) {
	switch {
	case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		b.WriteByte(' ')
		return
	case r >= '\uff01' && r <= '\uff5e':
		b.WriteRune(r - 0xfee0)
		return
	}
	if s := plain(r); s != "" {
		b.WriteString(s)
		return
	}
	if unicode.Is(unicode.Nd, r) {
		// The ten digits of a script follow each other, its zero at a code
		// point that no other digit stands before.
		z := r
		for z > r-9 && unicode.Is(unicode.Nd, z-1) {
			z--
		}
		if s := norm.NFKC.String(string(r)); len(s) == 1 {
			b.WriteString(s)
		} else {
			b.WriteByte(byte('0' + (r - z)))
		}
		return
	}
	if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) {
		if s := norm.NFKC.String(string(r)); s != string(r) {
			for _, c := range s {
				if p := plain(c); p != "" {
					b.WriteString(p)
				} else {
					b.WriteRune(c)
				}
			}
			return
		}
	}
	b.WriteRune(r)
}

// superscript returns what a raised character stands for.
func superscript(r rune) (string, bool) {
	switch r {
	case '⁰':
		return "0", true
	case '¹':
		return "1", true
	case '²':
		return "2", true
	case '³':
		return "3", true
	case '⁺':
		return "+", true
	case '⁻':
		return "-", true
	case 'ⁿ':
		return "n", true
	case 'ⁱ':
		return "i", true
	}
	if '⁴' <= r && r <= '⁹' {
		return string('0' + (r - '⁰')), true
	}
	return "", false
}

// plain returns the LaTeX or ASCII that a character of Unicode stands for.
func plain(r rune) string {
	if 'α' <= r && r <= 'ω' {
		return greek(int(r-'α'), false)
	}
	if 'Α' <= r && r <= 'Ω' {
		return greek(int(r-'Α'), true)
	}
	switch r {
	case '−', '–', '—', '‐', '‑', '﹣':
		return "-"
	case '×', '·', '⋅', '∙', '•', '∗', '⨯', '＊':
		return "*"
	case '÷', '⁄', '∕':
		return "/"
	case '±':
		return `\pm `
	case '∓':
		return `\mp `
	case '≤', '⩽', '≦':
		return "<="
	case '≥', '⩾', '≧':
		return ">="
	case '≠':
		return "!="
	case '≈', '≃', '≅', '∼':
		return `\approx `
	case '≡':
		return `\equiv `
	case '∈':
		return `\in `
	case '∉':
		return `\notin `
	case '∪', '⋃':
		return `\cup `
	case '∩', '⋂':
		return `\cap `
	case '∖':
		return `\setminus `
	case '⊂', '⊆':
		return `\subset `
	case '⊃', '⊇':
		return `\supset `
	case '→', '⇒', '⟶', '↦':
		return `\to `
	case '∞':
		return `\infty `
	case '∅', 'Ø', 'ø':
		return `\emptyset `
	case '√':
		return `\surd `
	case '∛':
		return `\cbrt `
	case '∑':
		return `\sum `
	case '∏':
		return `\prod `
	case '∫':
		return `\int `
	case '°', 'º', '˚':
		return `\degree `
	case '′', '’', '‘', 'ʹ':
		return "'"
	case '″':
		return "''"
	case '“', '”', '„':
		return " "
	case '…', '⋯':
		return "..."
	case '⌊':
		return `\lfloor `
	case '⌋':
		return `\rfloor `
	case '⌈':
		return `\lceil `
	case '⌉':
		return `\rceil `
	case '⟨', '〈':
		return `\langle `
	case '⟩', '〉':
		return `\rangle `
	case 'ℝ':
		return `\reals `
	case 'ℤ':
		return `\Z `
	case 'ℕ':
		return `\N `
	case 'ℚ':
		return `\Q `
	case 'ℂ':
		return `\C `
	case 'ℏ':
		return `\hbar `
	case 'ϵ':
		return `\epsilon `
	case 'ϕ':
		return `\phi `
	case 'ϑ':
		return `\theta `
	case '∂':
		return `\partial `
	case '∧':
		return `\wedge `
	case '∨':
		return `\vee `
	case '∣', '｜':
		return "|"
	case '或':
		return `\text{ or }`
	case '且', '和':
		return `\text{ and }`
	case '，', '、':
		return ","
	case '；':
		return ";"
	case '。', '．':
		return ". "
	case '：', '∶':
		return ":"
	case '（':
		return "("
	case '）':
		return ")"
	case '【':
		return "["
	case '】':
		return "]"
	case '£', '€', '¥', '₹', '₽', '¢':
		return `\currency` + currencyName(r) + " "
	case '△', '∠', '⊙', '□':
		return " "
	case '✓', '✅', '✔':
		return " "
	case '％':
		return "%"
	case '一':
		return "1"
	case '二', '两':
		return "2"
	case '三':
		return "3"
	case '四':
		return "4"
	case '五':
		return "5"
	case '六':
		return "6"
	case '七':
		return "7"
	case '八':
		return "8"
	case '九':
		return "9"
	case '十':
		return "10"
	case '零', '〇':
		return "0"
	}
	return vulgar(r)
}

func currencyName(r rune) string {
	switch r {
	case '£':
		return "pound"
	case '€':
		return "euro"
	case '¥':
		return "yen"
	case '₹':
		return "rupee"
	case '₽':
		return "ruble"
	}
	return "cent"
}

// vulgar returns the fraction that a character such as ½ shows.
func vulgar(r rune) string {
	frac := func(n, d byte) string { return `\frac{` + string(n) + `}{` + string(d) + `}` }
	switch r {
	case '½':
		return frac('1', '2')
	case '⅓':
		return frac('1', '3')
	case '⅔':
		return frac('2', '3')
	case '¼':
		return frac('1', '4')
	case '¾':
		return frac('3', '4')
	case '⅕':
		return frac('1', '5')
	case '⅖':
		return frac('2', '5')
	case '⅗':
		return frac('3', '5')
	case '⅘':
		return frac('4', '5')
	case '⅙':
		return frac('1', '6')
	case '⅚':
		return frac('5', '6')
	case '⅐':
		return frac('1', '7')
	case '⅛':
		return frac('1', '8')
	case '⅜':
		return frac('3', '8')
	case '⅝':
		return frac('5', '8')
	case '⅞':
		return frac('7', '8')
	case '⅑':
		return frac('1', '9')
	case '⅒':
		return `\frac{1}{10}`
	}
	return ""
}

// greek returns the command of a Greek letter by its place in the alphabet.
func greek(i int, upper bool) string {
	names := strings.Fields(greekNames)
	name := names[i]
	if !upper {
		if name == "varphi" {
			name = "phi"
		}
		if name == "varepsilon" {
			name = "epsilon"
		}
		return `\` + name + " "
	}
	switch name {
	case "gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega":
		return `\` + strings.ToUpper(name[:1]) + name[1:] + " "
	case "varphi":
		return `\Phi `
	}
	// The other capitals look as Latin letters do.
	const latin = "A B G D E Z H Q I K L M N X O P R S S T Y F C P O"
	return strings.Fields(latin)[i]
}
