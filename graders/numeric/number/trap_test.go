package number_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

// TestTraps holds texts that say something other than the number in them, or
// leave it open.
func TestTraps(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts []string
	}{
		{"line breaks and tabs group no digits", []string{
			"1\n234", "1\r\n234", "1\n234\n567", "18\t019", "1\v234", "1\f234", "1\u2028234", "1\u2029234", "1\u0085234",
			"1\n1/2", "1\n½", "1\n\\frac12", "-\n18", "18\n19", "1,\n234", "1.234\n567",
		}},
		{"what stands before the sign of equality", []string{
			"minus: 18", "negative = 18", "sqrt(x) = 18", "log x = 18", "sin: 18", "less than: 18", "at least: 18", "everything except: 18",
			"opposite of: 18", "double: 18", "twice: 18", "It can't be: 18", "It can’t be: 18", "couldn't be = 18", "won't be: 18", "rejected: 18",
			"nоt = 18", "in millions: 18", "不是: 18", "neither: 18", "in binary: 101",
		}},
		{"what bounds the number behind it", []string{
			"18 negative", "18 (negative)", "18 and above", "18 and up", "18 to", "18 until", "18-ish", "18 ish", "18-something", "18-odd", "18 odd",
			"18 less", "18 excluded", "18 is too low", "18 unlikely", "18 doubtful", "18 (guess)", "18 alternatively", "18 nope", "18 isnt", "18 aint", "18 dont",
			"18 or more", "18 plus", "18 doubled", "18 halved", "18 hex", "18 octal", "18 in hexadecimal",
		}},
		{"other languages", []string{
			"18ではない", "18個ではない", "18 или девятнадцать", "18 девятнадцать", "18或十九", "18十九", "18个或更多", "18以上", "18个以上", "18余", "18多",
			"18 oder neunzehn", "18 ou dix-neuf", "18 nicht", "18 nо", "18 оr XIX", "18 XIX", "18 не", "18 ไม่", "18 לא", "18 لا", "18 δέκα", "18개 이상",
		}},
		{"scales", []string{
			"18 mil", "18 mill", "18 bil", "18 tril", "18 thou", "18 grand", "18 zillion", "18 score", "18 gross", "18 kilo", "$18 kilo", "18 mille", "18 Millionen", "18 tausend",
			"18 fifth", "18 seventh", "18 eighth", "18 tenth",
		}},
		{"percent in other places", []string{"20 in percent", "20 total percent", "20 apples per-cent"}},
		{"said twice and not the same", []string{"18 (nineteen)", "18 (19)", "18 (18) (18)", "18% (18)", "18 (18%)", "18 cm (18 m)", "18 (or 19)", "18 (0.5) (18)"}},
		{"markup", []string{"<18", "<script>18", "5 <b>6</b>", `\color{red}{18} 19`, `\textcolor{1}{8}`, "18 [19]", "60/-", "5/-"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, text := range c.texts {
				got, err := number.Read(text, number.Format{})
				require.Error(t, err, "%q reads as %v %s", text, got.Value, got.Unit)
			}
		})
	}
}

// TestPlainForms holds one number each, in forms that are easily refused.
func TestPlainForms(t *testing.T) {
	for _, c := range []struct {
		text, value, unit string
		percent           bool
	}{
		{"18 (eighteen)", "18", "", false},
		{"eighteen (18)", "18", "", false},
		{"$18 (18 dollars)", "18", "$", false},
		{"50% (50 percent)", "50", "", true},
		{"18 (eighteen) apples", "", "", false},
		{"x = 18 (eighteen).", "18", "", false},
		{`\color{red}{18}`, "18", "", false},
		{`\textcolor{blue}{18}`, "18", "", false},
		{"<b>18</b>", "18", "", false},
		{"<strong>$18</strong><br/>", "18", "$", false},
		{"18<br>", "18", "", false},
		{"4 tbsp", "4", "tbsp", false},
		{"4186 J/(kg·K)", "4186", "J/kg·K", false},
		{"Rs. 60/-", "60", "₹", false},
		{"8 fl oz", "8", "fl oz", false},
		{`60\text{ t}`, "60", "t", false},
		{"9 m2", "9", "m^2", false},
		{"9 m^2", "9", "m^2", false},
		{"9 square meters", "9", "m^2", false},
		{"9 cubic feet", "9", "ft^3", false},
		{"9 sq ft", "9", "ft^2", false},
		{"5 Joules", "5", "J", false},
		{"5 newtons", "5", "N", false},
		{"60 kmh", "60", "km/h", false},
		{"60 kph", "60", "km/h", false},
		{"60 mph", "60", "mile/h", false},
		{"60 miles per hour", "60", "mile/h", false},
		{"20 percents", "20", "", true},
		{"20 per-cent", "20", "", true},
		{"percent: 20", "20", "", true},
		{"Percentage = 20%", "20", "", true},
		{"Maximum profit: $18", "18", "$", false},
		{"The power of the engine = 18 W", "18", "W", false},
		{"More apples than Tim: 18", "18", "", false},
		{"x/y = 18", "18", "", false},
		{"Answer:\n18", "18", "", false},
		{"18\ndollars", "18", "$", false},
		{"18个苹果", "18", "个苹果", false},
		{"18 人", "18", "人", false},
		{"18 рублей", "18", "рублей", false},
		{"18명", "18", "명", false},
		{"18 more apples", "18", "more apple", false},
		{"5 binary trees", "5", "binary tree", false},
		{"Money left over: 18", "18", "", false},
		{"Number of times: 18", "18", "", false},
		{"Parts rejected: 18", "18", "", false},
		{"The modular inverse = 18", "18", "", false},
		{"18 odd numbers", "18", "odd number", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{})
			if c.value == "" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			want, err := number.Read(c.value, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Value.Equal(want.Value), "reads as %v, want %v", got.Value, want.Value)
			require.Equal(t, c.unit, got.Unit)
			require.Equal(t, c.percent, got.Percent)
		})
	}
}
