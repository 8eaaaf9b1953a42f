package number_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

// TestRead says of every form what it is read as. The value is written as
// another text that the plainest part of the reader understands.
func TestRead(t *testing.T) {
	for _, c := range []struct{ name, text, value, unit string }{
		{"an integer", "18", "18", ""},
		{"zero", "0", "0", ""},
		{"leading zeros", "007", "7", ""},
		{"a plus sign", "+18", "18", ""},
		{"a minus sign", "-18", "-18", ""},
		{"a true minus sign", "−18", "-18", ""},
		{"an en dash", "–18", "-18", ""},
		{"a full-width minus", "－18", "-18", ""},
		{"a minus apart", "- 18", "-18", ""},
		{"decimals", "3.25", "3.25", ""},
		{"trailing zeros", "3.2500", "3.25", ""},
		{"no digit before the point", ".5", "0.5", ""},
		{"no digit behind the point", "5.", "5", ""},
		{"the full stop of a sentence", "18 dollars.", "18", "$"},
		{"white space around", " \n18\t ", "18", ""},

		{"thousands", "1,000", "1000", ""},
		{"millions", "12,345,678", "12345678", ""},
		{"thousands and decimals", "1,234.50", "1234.5", ""},
		{"a space", "1 000", "1000", ""},
		{"spaces", "12 345 678.9", "12345678.9", ""},
		{"a no-break space", "1\u00a0000", "1000", ""},
		{"a thin space", "1\u2009000", "1000", ""},
		{"a narrow no-break space", "1\u202f000", "1000", ""},
		{"an apostrophe", "1'000'000", "1000000", ""},
		{"a typographic apostrophe", "1’000", "1000", ""},
		{"an underscore", "1_000_000", "1000000", ""},
		{"a braced comma", "1{,}000{,}000", "1000000", ""},
		{"a LaTeX thin space", `1\,000`, "1000", ""},
		{"a comma and negative space", `1,\!000,\!000`, "1000000", ""},
		{"a comma, a space and negative space", `6, \!000`, "6000", ""},
		{"the Indian way", "12,34,567", "1234567", ""},
		{"the Indian way with decimals", "1,23,456.75", "123456.75", ""},
		{"groups behind the point", "3.141 592 65", "3.14159265", ""},
		{"a full-width comma", "1，000", "1000", ""},

		{"scientific", "1e5", "100000", ""},
		{"scientific with a sign", "1.5E-3", "0.0015", ""},
		{"scientific with a true minus", "1.5e−3", "0.0015", ""},
		{"times a power", "1.5 × 10^3", "1500", ""},
		{"LaTeX times", `1.5 \times 10^{-3}`, "0.0015", ""},
		{"LaTeX dot", `1.5 \cdot 10^{3}`, "1500", ""},
		{"a star", "1.5*10^3", "1500", ""},
		{"a programmer's power", "1.5*10**3", "1500", ""},
		{"a letter x", "1.5x10^3", "1500", ""},
		{"a letter x apart", "1.5 x 10^-3", "0.0015", ""},
		{"a middle dot", "1.5·10³", "1500", ""},
		{"a raised negative exponent", "6.6×10⁻³", "0.0066", ""},
		{"a power of ten", "10^5", "100000", ""},
		{"a braced power of ten", "10^{-5}", "0.00001", ""},
		{"a raised power of ten", "10⁵", "100000", ""},
		{"a power of ten in parentheses", "10^(3)", "1000", ""},
		{"a braced ten", "{10}^{3}", "1000", ""},
		{"a negative power of ten", "-10^3", "-1000", ""},
		{"a power of a power", "10^(10^1)", "1e10", ""},
		{"a braced power of a power", "10^{10^{1}}", "1e10", ""},
		{"a fraction times a power", `\frac{3}{4} \times 10^2`, "75", ""},

		{"a fraction", "3/4", "0.75", ""},
		{"a fraction with spaces", "3 / 4", "0.75", ""},
		{"a negative fraction", "-3/4", "-0.75", ""},
		{"a fraction of decimals", "1.5/2", "0.75", ""},
		{"a fraction of a power", "3/10^2", "0.03", ""},
		{"a fraction slash", "3⁄4", "0.75", ""},
		{"one character", "¾", "0.75", ""},
		{"one character, negative", "-½", "-0.5", ""},
		{"frac", `\frac{3}{4}`, "0.75", ""},
		{"dfrac", `\dfrac{3}{4}`, "0.75", ""},
		{"tfrac", `\tfrac{3}{4}`, "0.75", ""},
		{"frac without braces", `\frac34`, "0.75", ""},
		{"frac half braced", `\frac3{4}`, "0.75", ""},
		{"frac with spaces", `\frac { 3 } { 4 }`, "0.75", ""},
		{"a negative frac", `-\frac{3}{4}`, "-0.75", ""},
		{"a negative denominator", `\frac{3}{-4}`, "-0.75", ""},
		{"grouped digits in frac", `\frac{1,500}{2{,}000}`, "0.75", ""},
		{"powers in frac", `\frac{3\times10^2}{4\times10^{2}}`, "0.75", ""},
		{"frac that lost its backslash", "frac{3}{4}", "0.75", ""},
		{"frac whose backslash became a form feed", "\frac{3}{4}", "0.75", ""},
		{"frac with two backslashes", `\\frac{3}{4}`, "0.75", ""},
		{"text whose backslash became a tab", "5\text{ cm}", "5", "cm"},
		{"times whose backslash became a tab", "1.5 \times 10^3", "1500", ""},
		{"boxed whose backslash became a backspace", "\boxed{5}", "5", ""},

		{"mixed", "1 1/2", "1.5", ""},
		{"mixed, negative", "-1 1/2", "-1.5", ""},
		{"mixed with one character", "1½", "1.5", ""},
		{"mixed with one character apart", "1 ½", "1.5", ""},
		{"mixed in LaTeX", `1\frac{1}{2}`, "1.5", ""},
		{"mixed in LaTeX without braces", `1\frac12`, "1.5", ""},
		{"mixed with words", "2 and a half", "2.5", ""},

		{"repeating digits", `0.\overline{3}`, "1/3", ""},
		{"repeating digits behind others", `0.1\overline{6}`, "1/6", ""},
		{"a repeating group", `0.\overline{142857}`, "1/7", ""},
		{"repeating digits in parentheses", "0.(3)", "1/3", ""},
		{"a digit with a bar", "0.3\u0305", "1/3", ""},
		{"two digits with bars", "0.1\u03053\u0305", "13/99", ""},
		{"nines", `0.\overline{9}`, "1", ""},
		{"repeating zeros", `1.\overline{0}`, "1", ""},
		{"a digit thrice and dots", "0.333...", "1/3", ""},
		{"a digit thrice and an ellipsis", "0.1666…", "1/6", ""},
		{"two digits twice and dots", "0.1212...", "4/33", ""},
		{"digits that repeat behind others, and dots", "-2.50101...", "-1238/495", ""},
		{"one digit twice and dots", "0.33...", "0.33", ""},
		{"digits and dots", "3.14159...", "3.14159", ""},
		{"digits and LaTeX dots", `3.14\ldots`, "3.14", ""},

		{"a dollar sign", "$18", "18", "$"},
		{"cents", "$18.50", "18.5", "$"},
		{"an escaped dollar sign", `\$1,250`, "1250", "$"},
		{"a dollar in mathematics", `$\$18$`, "18", "$"},
		{"a minus before the currency", "-$18", "-18", "$"},
		{"a minus behind the currency", "$-18", "-18", "$"},
		{"the currency behind", "18 €", "18", "€"},
		{"the currency right behind", "18€", "18", "€"},
		{"pounds", "£18", "18", "£"},
		{"a code before", "USD 18", "18", "$"},
		{"a code behind", "18 USD", "18", "$"},
		{"a country's dollar", "US$18", "18", "$"},
		{"rupees", "Rs. 500", "500", "₹"},
		{"sign and word", "$18 dollars", "18", "$"},
		{"per day", "$18 per day", "18", "$/day"},
		{"thousands of dollars", "$1.2k", "1200", "$"},
		{"millions of dollars", "$3M", "3000000", "$"},
		{"billions of euros", "€2bn", "2000000000", "€"},
		{"cents alone", "20 cents", "20", "cent"},

		{"a unit", "5 cm", "5", "cm"},
		{"a unit right behind", "5cm", "5", "cm"},
		{"a unit in text", `5\text{ cm}`, "5", "cm"},
		{"a unit in mathrm", `5\,\mathrm{kg}`, "5", "kg"},
		{"a squared unit", "25 cm^2", "25", "cm^2"},
		{"a squared unit in LaTeX", `25\text{ cm}^{2}`, "25", "cm^2"},
		{"a squared unit in Unicode", "25 cm²", "25", "cm^2"},
		{"a speed", "60 km/h", "60", "km/h"},
		{"a speed in words", "60 km per hour", "60", "km/h"},
		{"an acceleration", "9.81 m/s^2", "9.81", "m/s^2"},
		{"a negative power", "5 m s^{-1}", "5", "m s^-1"},
		{"a product of units", "5 N·m", "5", "N·m"},
		{"an angle", "72°", "72", "°"},
		{"an angle in LaTeX", `72^\circ`, "72", "°"},
		{"an angle in braces", `72^{\circ}`, "72", "°"},
		{"an angle in words", "72 degrees", "72", "°"},
		{"a temperature", `20^\circ\text{C}`, "20", "°C"},
		{"a temperature in words", "20 degrees Celsius", "20", "°C"},
		{"one character of temperature", "20℃", "20", "°C"},
		{"ohms", `1.5\ \Omega`, "1.5", "Ω"},
		{"a plural", "3 apples", "3", "apple"},
		{"a unit in parentheses", "5 (cm)", "5", "cm"},
		{"words behind", "18 dollars every day at the farmers' market", "18", "$ every day at the farmer market"},
		{"a clause behind", "18 dollars, the cost of lunch", "18", "$"},
		{"a unit in another script", "5 яблок", "5", "яблок"},
		{"a unit without a space", "18元", "18", "元"},
		{"a letter unit", "5 m", "5", "m"},
		{"an ordinal", "5th", "5", ""},
		{"a raised ordinal", `12^{\mathrm{th}}`, "12", ""},
		{"cheers", "5 apples!", "5", "apple"},

		{"k", "1.2k", "1200", ""},
		{"thousand", "2 thousand", "2000", ""},
		{"million", "3.5 million", "3500000", ""},
		{"million in text", `3.5\text{ million}`, "3500000", ""},
		{"a negative billion", "-1.8 billion", "-1800000000", ""},
		{"hundred thousand", "5 hundred thousand", "500000", ""},
		{"dozen", "3 dozen eggs", "36", "egg"},
		{"lakh", "2.5 lakh", "250000", ""},
		{"half a million in digits", "1/2 million", "500000", ""},

		{"a word", "seven", "7", ""},
		{"a word with a capital", "Seven", "7", ""},
		{"tens", "twenty-one", "21", ""},
		{"tens without a hyphen", "twenty one", "21", ""},
		{"hundreds", "three hundred and five", "305", ""},
		{"a hundred", "a hundred", "100", ""},
		{"eleven hundred", "eleven hundred", "1100", ""},
		{"thousands in words", "twenty-one thousand", "21000", ""},
		{"and behind thousands", "two thousand and five", "2005", ""},
		{"all scales", "one million two hundred thousand and three", "1200003", ""},
		{"words in text", `\text{twenty-one}`, "21", ""},
		{"minus in words", "minus five", "-5", ""},
		{"negative in words", "negative twenty", "-20", ""},
		{"point", "three point one four", "3.14", ""},
		{"point and a scale", "two point five million", "2500000", ""},
		{"a half", "one half", "0.5", ""},
		{"half", "half", "0.5", ""},
		{"thirds", "two thirds", "2/3", ""},
		{"thirds with a hyphen", "two-thirds", "2/3", ""},
		{"a quarter", "a quarter", "0.25", ""},
		{"and a half", "one and a half", "1.5", ""},
		{"and a half million", "one and a half million", "1500000", ""},
		{"and three quarters", "two and three quarters", "2.75", ""},
		{"half a million", "half a million", "500000", ""},
		{"a dozen", "a dozen", "12", ""},
		{"half a dozen", "half a dozen", "6", ""},
		{"a word with a unit", "seven days", "7", "day"},

		{"mathematics", "$18$", "18", ""},
		{"display mathematics", "$$18$$", "18", ""},
		{"LaTeX parentheses", `\(18\)`, "18", ""},
		{"LaTeX brackets", `\[ 18 \]`, "18", ""},
		{"a box", `\boxed{18}`, "18", ""},
		{"a box in mathematics", `$\boxed{18}$`, "18", ""},
		{"left and right", `\left(18\right)`, "18", ""},
		{"displaystyle", `\displaystyle 18`, "18", ""},
		{"bold", "**18**", "18", ""},
		{"bold underscores", "__18__", "18", ""},
		{"bold with a unit", "**18** dollars", "18", "$"},
		{"code", "`18`", "18", ""},
		{"quoted", "“18”", "18", ""},
		{"parentheses", "(18)", "18", ""},
		{"negative in parentheses", "(-18)", "-18", ""},
		{"negative of parentheses", "-(18)", "-18", ""},
		{"a leftover brace", "18}", "18", ""},
		{"a heading", "#### 18", "18", ""},
		{"a zero-width space before", "\u200b18", "18", ""},
		{"a byte order mark", "\ufeff18", "18", ""},

		{"an equals sign", "= 18", "18", ""},
		{"a name", "x = 18", "18", ""},
		{"a name without spaces", "n=18", "18", ""},
		{"a name with an index", "x_1 = 18", "18", ""},
		{"a name with a braced index", "x_{max} = 18", "18", ""},
		{"a name with a lowered index", "x₁₂ = 18", "18", ""},
		{"a word as name", `\text{Total} = $18`, "18", "$"},
		{"a function", "f(x) = 18", "18", ""},
		{"a sum of names", "m+n = 113", "113", ""},
		{"a Greek name", `\theta = 30^\circ`, "30", "°"},
		{"an angle as name", `\angle ABC = 74^\circ`, "74", "°"},
		{"a segment", `\overline{AB} = 5`, "5", ""},
		{"a label", "Total cost: $18", "18", "$"},
		{"nearly a name", `x \approx 3.14`, "3.14", ""},
		{"about", "about 18", "18", ""},
		{"approximately", "approximately 18 dollars", "18", "$"},
		{"approx with a point", "approx. 18", "18", ""},
		{"an almost-equals sign", "≈ 18", "18", ""},
		{"a tilde", "~18", "18", ""},
		{"exactly", "exactly 18", "18", ""},

		{"full-width digits", "１２３", "123", ""},
		{"Arabic digits", "١٢٣", "123", ""},
		{"Arabic separators", "١٬٢٣٤٫٥", "1234.5", ""},
		{"Devanagari digits", "१२३", "123", ""},
		{"bold mathematical digits", "𝟏𝟖", "18", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{})
			require.NoError(t, err, "%q", c.text)
			want, err := number.Read(c.value, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Value.Equal(want.Value), "%q reads as %v, want %v", c.text, got.Value, want.Value)
			require.Equal(t, c.unit, got.Unit)
			require.False(t, got.Percent)
		})
	}
}

func TestReadPercent(t *testing.T) {
	for _, c := range []struct{ name, text, value string }{
		{"a sign", "50%", "50"},
		{"a sign apart", "50 %", "50"},
		{"an escaped sign", `50\%`, "50"},
		{"in mathematics", `$50\%$`, "50"},
		{"full width", "５０％", "50"},
		{"a word", "50 percent", "50"},
		{"two words", "50 per cent", "50"},
		{"a word in text", `\frac{1}{2}\text{ percent}`, "0.5"},
		{"an abbreviation", "50 pct", "50"},
		{"percentage", "50 percentage", "50"},
		{"of something", "50% of the class", "50"},
		{"negative", "-2.5%", "-2.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Percent)
			want, err := number.Read(c.value, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Value.Equal(want.Value), "%v", got.Value)
		})
	}
}

func TestReadDecimalComma(t *testing.T) {
	for _, c := range []struct {
		name, text, value string
		err               error
	}{
		{"a decimal comma", "3,14", "3.14", nil},
		{"thousands and a comma", "1.000,5", "1000.5", nil},
		{"thousands", "1.000", "1000", nil},
		{"millions", "1.000.000", "1000000", nil},
		{"a braced comma", "3{,}14", "3.14", nil},
		{"no digit before the comma", ",5", "0.5", nil},
		{"scientific", "1,5e3", "1500", nil},
		{"a space groups", "1 000,5", "1000.5", nil},
		{"a sentence", "3,14 Euro.", "3.14", nil},
		{"repeating", `0,\overline{3}`, "1/3", nil},
		{"currency", "€ 1.234,56", "1234.56", nil},
		{"Arabic decimal mark", "٣٫٥", "3.5", nil},
		{"a decimal point", "3.14", "", number.ErrGroups},
		{"two commas", "1,5,6", "", number.ErrGroups},
		{"a list", "1,5; 2", "", number.ErrMany},
		{"dots", "5...", "", number.ErrTrailsOff},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{DecimalComma: true})
			require.Equal(t, c.err, err)
			if c.err != nil {
				return
			}
			want, err := number.Read(c.value, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Value.Equal(want.Value), "%v", got.Value)
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, text string
		err        error
	}{
		{"nothing", "", number.ErrEmpty},
		{"white space", " \n\u00a0\u200b", number.ErrEmpty},
		{"quotation marks", `""`, number.ErrEmpty},
		{"prose", "I do not know", number.ErrNoNumber},
		{"a sign alone", "-", number.ErrNoNumber},
		{"a unit alone", "cm", number.ErrNoNumber},
		{"NaN", "NaN", number.ErrNoNumber},
		{"infinity", "-inf", number.ErrNoNumber},
		{"infinity in LaTeX", `\infty`, number.ErrNoNumber},
		{"hexadecimal", "0x1F", number.ErrExpression},

		{"or", "5 or 6", number.ErrMany},
		{"or in LaTeX", `5 \text{ or } 6`, number.ErrMany},
		{"a list", "5, 6", number.ErrMany},
		{"a list without spaces", "5,6", number.ErrGroups},
		{"a list of nine", "1,2,3,4,5,6,7,8,9", number.ErrGroups},
		{"a list of threes", "(312,123,231)", number.ErrMany},
		{"a set", `\{1,2,3\}`, number.ErrExpression},
		{"a range", "5-6", number.ErrMany},
		{"a range with a dash", "5–6", number.ErrMany},
		{"a range in words", "5 to ten", number.ErrMany},
		{"between", "between 5 and 6", number.ErrWords},
		{"plus or minus", "±5", number.ErrMany},
		{"plus or minus in LaTeX", `5 \pm 1`, number.ErrMany},
		{"two boxes", `\boxed{12}\boxed{13}`, number.ErrMany},
		{"boxes that would glue", `\boxed{1}\boxed{000}`, number.ErrMany},
		{"bold that would glue", "**1**000", number.ErrExpression},
		{"a zero-width space inside", "1\u200b2", number.ErrMany},
		{"words and digits", "5 six", number.ErrMany},
		{"two words", "five six", number.ErrMany},
		{"twenty twenty", "twenty twenty", number.ErrMany},
		{"more than one", "5, 6, or 7 apples", number.ErrMany},
		{"two sentences", "18. The other is 20.", number.ErrWords},
		{"a second thought", "18, not 20", number.ErrDoubt},
		{"forms of one number", "1/3 ≈ 0.333", number.ErrMany},
		{"decimals apart", "0,5", number.ErrMany},

		{"a chain", "5 = 6", number.ErrChain},
		{"a sum with its value", "3 + 4 = 7", number.ErrChain},
		{"a long chain", "1=2=3=100", number.ErrChain},
		{"two names", "x = y = 5", number.ErrChain},
		{"the name behind", "5 = x", number.ErrChain},
		{"a function of a number", "f(2) = 5", number.ErrChain},
		{"two solutions", "x = 5, x = 6", number.ErrChain},

		{"not", "not 5", number.ErrWords},
		{"not behind", "5 is not right", number.ErrDoubt},
		{"a contraction", "5 isn't it", number.ErrDoubt},
		{"a denied name", "not x = 5", number.ErrDoubt},
		{"two names with or", "x or y = 5", number.ErrMany},
		{"at least", "at least 5", number.ErrWords},
		{"at most behind", "5 at most", number.ErrDoubt},
		{"less than", "< 5", number.ErrBound},
		{"less than in LaTeX", `x \leq 5`, number.ErrBound},
		{"a condition", "5 if x is even", number.ErrDoubt},
		{"wrong", "5 (wrong)", number.ErrDoubt},

		{"a variable", "5x", number.ErrExpression},
		{"two variables", "2xy", number.ErrExpression},
		{"two variables apart", "2 xy", number.ErrExpression},
		{"pi", "5π", number.ErrExpression},
		{"pi in LaTeX", `5\pi`, number.ErrExpression},
		{"pi in letters", "5 pi", number.ErrExpression},
		{"the imaginary unit", "5i", number.ErrExpression},
		{"a root", `\sqrt{25}`, number.ErrExpression},
		{"a root behind", `4\sqrt(2)`, number.ErrExpression},
		{"a factorial", "5!", number.ErrExpression},
		{"a square", "5²", number.ErrExpression},
		{"a power", "2^10", number.ErrExpression},
		{"a power of a decimal", "1.5^3", number.ErrExpression},
		{"a product", "2 × 9", number.ErrExpression},
		{"a product with ten", `2\times 10`, number.ErrExpression},
		{"a product of two", "2*9", number.ErrExpression},
		{"a sum", "3 + 4", number.ErrExpression},
		{"a size", "5 × 3 cm", number.ErrExpression},
		{"bars", "|5|", number.ErrExpression},
		{"an improper mixed number", `3\frac{3}{2}`, number.ErrExpression},
		{"frac in frac", `\frac{\frac12}{3}`, number.ErrExpression},
		{"an open parenthesis", "(5", number.ErrExpression},
		{"a closed one", "5)", number.ErrExpression},
		{"a double sign", "--5", number.ErrExpression},
		{"a trailing plus", "5+", number.ErrExpression},
		{"a trailing minus", "5 -", number.ErrExpression},
		{"half a frac", `\frac{3}`, number.ErrExpression},
		{"a phantom", `\phantom{5}`, number.ErrExpression},
		{"struck out", "~~5~~ 6", number.ErrExpression},
		{"million or metre", "5M", number.ErrExpression},
		{"kelvin or thousand", "300K", number.ErrExpression},
		{"ten to a variable", "10^x", number.ErrExpression},
		{"an emoji", "5 🎉", number.ErrExpression},

		{"another base", "1011_2", number.ErrBase},
		{"another base in braces", "4343_{6}", number.ErrBase},
		{"a lowered base", "1011₂", number.ErrBase},
		{"a time", "3:45", number.ErrTime},
		{"a time with its half", "3:45 p.m.", number.ErrTime},
		{"an hour", "3 pm", number.ErrTime},
		{"o'clock", "3 o'clock", number.ErrTime},
		{"a ratio in LaTeX", `12\!:\!30`, number.ErrTime},
		{"a version", "1.2.3", number.ErrGroups},
		{"a date", "2024-01-02", number.ErrMany},
		{"a date with slashes", "1/2/2024", number.ErrExpression},
		{"groups of two", "1,23", number.ErrGroups},
		{"groups of points", "1.000.000", number.ErrGroups},
		{"a group too many", "1,234,5", number.ErrGroups},
		{"a group of four", "1,2345", number.ErrGroups},
		{"a zero group", "0,500", number.ErrMany},
		{"spaces that may part two numbers", "1 100/200", number.ErrMany},
		{"an integer that trails off", "18...", number.ErrTrailsOff},
		{"zero below", "1/0", number.ErrZero},
		{"zero below in LaTeX", `\frac{1}{0}`, number.ErrZero},
		{"an item of a list", "1. Find the area", number.ErrWords},
		{"a sentence", "She makes 18 dollars", number.ErrWords},
		{"too many words", "18 " + strings.Repeat("and so on ", 5), number.ErrWords},
		{"too many words behind a word", "One must add all of them up first", number.ErrWords},
		{"an exponent out of bounds", "1e10000000000000000", number.ErrExponent},
		{"a tower out of bounds", "10^{10^{10^{10}}}", number.ErrExpression},
		{"a tower beyond the bound", "10^(10^16)", number.ErrExponent},
		{"too many digits", strings.Repeat("9", number.MaxDigits+1), number.ErrTooLong},
		{"too many bytes", strings.Repeat(" ", number.MaxBytes) + "5", number.ErrTooLong},
		{"too many parentheses", strings.Repeat("(", 3000) + "5" + strings.Repeat(")", 3001), number.ErrExpression},
		{"too many braces", strings.Repeat("{", 3000) + "5", number.ErrExpression},
		{"NUL", "5\x00", number.ErrDamaged},
		{"broken UTF-8", "5\xff", number.ErrDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{})
			require.Equal(t, c.err, err, "%q reads as %v", c.text, got.Value)
			require.Zero(t, got)
		})
	}
}

// TestDigitsOfAllScripts checks that each row of ten digits begins with its zero.
func TestDigitsOfAllScripts(t *testing.T) {
	row := func(lo, hi rune) {
		require.Zero(t, (hi-lo+1)%10, "%U", lo)
		for r := lo; r <= hi; r++ {
			got, err := number.Read("5"+string(r), number.Format{})
			require.NoError(t, err, "%U", r)
			want := number.FromInt(50 + int64(r-lo)%10)
			require.True(t, got.Value.Equal(want), "%U reads as %v", r, got.Value)
		}
	}
	for _, r := range unicode.Nd.R16 {
		row(rune(r.Lo), rune(r.Hi))
	}
	for _, r := range unicode.Nd.R32 {
		row(rune(r.Lo), rune(r.Hi))
	}
}

func ExampleRead() {
	for _, text := range []string{`\frac{3}{4}`, "$1,250.00", "60 km per hour", "5 or 6"} {
		r, err := number.Read(text, number.Format{})
		if err != nil {
			fmt.Printf("%s: %v\n", text, err)
			continue
		}
		fmt.Printf("%s: %v, unit %q\n", text, r.Value, r.Unit)
	}
	// Output:
	// \frac{3}{4}: 3/4, unit ""
	// $1,250.00: 1250, unit "$"
	// 60 km per hour: 60, unit "km/h"
	// 5 or 6: it holds more than one number, or a range
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"-1,234.50", `\frac{3}{4}`, `1\frac12 \times 10^{-3}`, "twenty-one thousand and a half", "$5M", "50\\%", "0.(3)", "x_{1} = 5 km/h^2",
		"10^(10^10)", "1e999999999", "٣٫٥", "5 or 6", "\\boxed{\\text{5 cm}^{2}", "1 000 1/2", "0.3\u0305", "**5**", "{{{5", "\\\\", "$$5$",
	} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, comma bool) {
		r, err := number.Read(s, number.Format{DecimalComma: comma})
		if err != nil {
			require.Zero(t, r)
			return
		}
		require.Zero(t, r.Value.Cmp(r.Value))
		text := r.Value.String()
		if strings.ContainsAny(text, "(") || strings.Contains(text, "...") {
			return
		}
		again, err := number.Read(text, number.Format{})
		require.NoError(t, err, text)
		require.True(t, again.Value.Equal(r.Value), "%s", text)
	})
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"integer", "18"},
		{"money", "$1,234.50"},
		{"fraction", `\frac{3}{4}`},
		{"sentence", "18 dollars every day at the farmers' market"},
		{"words", "twenty-one thousand"},
		{"tower", "10^{10^{10}}"},
		{"digits", strings.Repeat("7", number.MaxDigits)},
		{"hostile braces", strings.Repeat("{", number.MaxBytes)},
		{"hostile backslashes", strings.Repeat(`\`, number.MaxBytes)},
		{"hostile commas", "1" + strings.Repeat(",1", number.MaxBytes/2-1)},
		{"hostile words", "x " + strings.Repeat("one ", number.MaxBytes/4-1)},
		{"too long", strings.Repeat("7", 1<<20)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = number.Read(c.text, number.Format{})
			}
		})
	}
}
