package number_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

// TestScales reads words and signs that change the number beside them.
func TestScales(t *testing.T) {
	for _, c := range []struct{ text, value, unit string }{
		{"5 tens", "50", ""},
		{"5 hundreds", "500", ""},
		{"5 thousands", "5000", ""},
		{"5 Tsd. Euro", "5000", "€"},
		{"5 millions of dollars", "5e6", "of $"},
		{"5 Mio", "5e6", ""},
		{"5 Mio. Euro", "5e6", "€"},
		{"5 mln", "5e6", ""},
		{"5 million million", "5e12", ""},
		{"5bn", "5e9", ""},
		{`5\text{ bn}`, "5e9", ""},
		{"5 Mrd.", "5e9", ""},
		{"5 bln", "5e9", ""},
		{"5 milliard", "5e9", ""},
		{"5 quadrillion", "5e15", ""},
		{"five quadrillion", "5e15", ""},
		{"5 quintillion", "5e18", ""},
		{"5 sextillion", "5e21", ""},
		{"5 decillion", "5e33", ""},
		{"5 centillion", "5e303", ""},
		{"5 dozens", "60", ""},
		{"5 dz", "60", ""},
		{"5 ＭＩＬＬＩＯＮ", "5e6", ""},
		{"5 𝐦𝐢𝐥𝐥𝐢𝐨𝐧", "5e6", ""},
		{"5 mil\u200blion", "5e6", ""},
		{"5 mil\u00adlion", "5e6", ""},

		{"5万", "5e4", ""},
		{"5万元", "5e4", "元"},
		{"5 億円", "5e8", "円"},
		{"5万亿", "5e12", ""},
		{"5千", "5000", ""},
		{"5百", "500", ""},
		{"5만원", "5e4", "원"},
		{"5 млн", "5e6", ""},
		{"5 млрд", "5e9", ""},
		{"5千克", "5", "千克"},
		{"5千米", "5", "千米"},

		{"5 thirds", "5/3", ""},
		{"1 third", "1/3", ""},
		{"2 fourths", "1/2", ""},
		{"5 twelfths", "5/12", ""},
		{"5 sixteenths of an inch", "5/16", "of an in"},
		{"5 twentieths", "1/4", ""},
		{"-5 hundredths", "-0.05", ""},
		{"5 millionths", "5e-6", ""},
		{"five millionths", "5e-6", ""},
		{"5 billionths", "5e-9", ""},
		{"5 trillionths", "5e-12", ""},
		{"five twelfths", "5/12", ""},
		{"nineteen twentieths", "19/20", ""},
		{"a sixteenth", "1/16", ""},
		{"two and five twelfths", "29/12", ""},
		{"4/5ths", "4/5", ""},
		{"2/3rds", "2/3", ""},
		{"1/5th", "1/5", ""},
		{"5 fifth graders", "5", "fifth grader"},
		{"1 third grader", "1", "third grader"},

		{"5‰", "0.005", ""},
		{"5 ‱", "0.0005", ""},
		{`5\permil`, "0.005", ""},
		{"5 permille", "0.005", ""},
		{"5 per mille", "0.005", ""},
		{"5 promille", "0.005", ""},
		{"5 basis points", "0.0005", ""},
		{"5 ppm", "5e-6", ""},
		{"5 ppb", "5e-9", ""},

		{"$5 m", "5e6", "$"},
		{"$5 M", "5e6", "$"},
		{"€5 mm", "5e6", "€"},
		{`\$5\text{ M}`, "5e6", "$"},
		{"$5 bn", "5e9", "$"},
		{"$5 T", "5e12", "$"},
		{"5k dollars", "5000", "$"},
		{"$5 gross", "5", "$ gross"},
		{"5 grand pianos", "5", "grand piano"},
		{"5 m", "5", "m"},
		{"300 K", "300", "K"},
		{"5 pairs", "5", "pair"},
		{"5 billionaires", "5", "billionaire"},
		{"5 negative charges", "5", "negative charge"},
		{"Grand total: 5", "5", ""},
		{"Gross = $5", "5", "$"},
		{"Score: 5", "5", ""},
		{"Mia: 5", "5", ""},
		{"The fifth term = 5", "5", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{})
			require.NoError(t, err)
			want, err := number.Read(c.value, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Value.Equal(want.Value), "reads as %v, want %v", got.Value, want.Value)
			require.Equal(t, c.unit, got.Unit)
			require.False(t, got.Percent)
		})
	}
}

// TestUnclearScales holds words of which it is not clear how they change the
// number. None of them may pass for a unit.
func TestUnclearScales(t *testing.T) {
	for _, text := range []string{
		"5 quarters", "5 quarter", "5 halves", "5 half", "five half", "5 score", "five score", "5 gross", "5 grand", "5 grand dollars", "$5 grand",
		"5 billiard", "5 billiards", "5 trilliards", "5 zillion", "5 gazillions", "5 zillionth", "5 myriad", "5 googol",
		"5 mn", `5\text{ mn}`, "5 tn", "5 mld", "5 Mia", "5 Mill.", "5 mille", "5 mil", "5 bps", `5\text{ bps}`, "5 bp", "5 ppt", "5 mega", "5 milli",
		"5 fifth", "5 twelfth", "5 twelfth of it", "5 third part", "5 hundredth", "5 millionth", "5 thousandth graders", "1/2 thirds", "5.5 thirds", "5ths",
		"5 hundred thousandths", "two hundred thousandths", "twenty fifths", "5 ten thousandths", "5 one-thousandths", "5-millionths", "5-million", "5/thousand", "5 per thousand",
		"5 cm thirds", "5 million million million", "in millions: 5", "Mio = 5", "ppm: 5", "5 dollars million",
		"5 m dollars", "5m USD", "5 mm dollars", "5 K dollars", "5K", "5M", "5B", `5\text{M}`, "5 M",
		"5 Millionen", "5 Milliarden", "5 Tausend", "5 millones", "5 millón", "5 milhões", "5 miljoen", "5 milioni", "5 milyon", "5 tysięcy",
		"5 тысяч", "5 миллионов", "5 ألف", "5 लाख", "5 ล้าน", "5千元", "5兆", "5个半", "5成", "5조",
		"5 मीटर", "5 million\u0338", "5 mi\u0336llion", "5 milliоn", "5 milliοn",
		"5 doubled", "5 twice", "101 binary", "17 hex", "5 reciprocal", "5 negative", "5 percent percent", "5% percent", "5‰‰ apples‰", "5 apples ‰",
		"5\u0338", "5\u0305", "5\u0304", "5\u0301", "5\u20dd", "5\ufe0f\u20e3", "5 \u0338", "\u03385", "1\u03382", "3\u0305.5", "5\u034f", "⑤",
		`\not 5`, `\cancel{5}`, `\overline{5}`,
	} {
		t.Run(text, func(t *testing.T) {
			got, err := number.Read(text, number.Format{})
			require.Error(t, err, "reads as %v %s", got.Value, got.Unit)
		})
	}
}

// TestOrdinaryEndings holds what people and models write around a number that
// does not change it.
func TestOrdinaryEndings(t *testing.T) {
	for _, c := range []struct{ text, value, unit string }{
		{"5 sec", "5", "s"},
		{"5 sec.", "5", "s"},
		{"30sec", "30", "s"},
		{"5 sec each", "5", "s each"},
		{"5 sec a day", "5", "s a day"},
		{"5 px", "5", "px"},
		{"5px", "5", "px"},
		{"5 Mbps", "5", "Mbps"},
		{"5 mAh", "5", "mAh"},
		{"5 hp", "5", "hp"},
		{"→ 5", "5", ""},
		{"⇒ 5", "5", ""},
		{"-> 5", "5", ""},
		{"=> 5", "5", ""},
		{"==> $5", "5", "$"},
		{`\Rightarrow 5`, "5", ""},
		{`\therefore x = 5`, "5", ""},
		{"∴ 5", "5", ""},
		{"• 5", "5", ""},
		{"• -5", "-5", ""},
		{"→ −5", "-5", ""},
		{"- 5", "-5", ""},
		{"5 ∎", "5", ""},
		{"5 ✓", "5", ""},
		{"**5** ✅", "5", ""},
		{"5 ✔️", "5", ""},
		{"✓ 5", "5", ""},
		{`5 \checkmark`, "5", ""},
		{`5 \qquad\blacksquare`, "5", ""},
		{"5 années", "5", "année"},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := number.Read(c.text, number.Format{})
			require.NoError(t, err)
			want, err := number.Read(c.value, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Value.Equal(want.Value), "reads as %v, want %v", got.Value, want.Value)
			require.Equal(t, c.unit, got.Unit)
		})
	}
	for _, text := range []string{"5 sec x", "5 sec(x)", `5 sec \theta`, `5\sec x`, "x → 5", `x \to 5`, "5 → 6", "5 ✓ 6", "5 ✗", "5 ❌", "6 -> 5", ">5", "5 • 6", "--5"} {
		t.Run(text, func(t *testing.T) {
			got, err := number.Read(text, number.Format{})
			require.Error(t, err, "reads as %v %s", got.Value, got.Unit)
		})
	}
}

// TestPercentWords holds the ways to say percent.
func TestPercentWords(t *testing.T) {
	for _, text := range []string{"5 percentage points", "5 percent points", "5 Prozent", "5 pour cent", "5 por ciento", "5 per cento", "5 процентов"} {
		t.Run(text, func(t *testing.T) {
			got, err := number.Read(text, number.Format{})
			require.NoError(t, err)
			require.True(t, got.Percent)
			require.Empty(t, got.Unit)
			require.True(t, got.Value.Equal(number.FromInt(5)))
		})
	}
}
