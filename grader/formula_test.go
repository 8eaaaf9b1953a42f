package grader_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

// scores looks names up in a map; any other name is a failure.
func scores(values map[string]float64) func(string) (float64, error) {
	return func(name string) (float64, error) {
		v, ok := values[name]
		if !ok {
			return 0, fmt.Errorf("no score %q", name)
		}
		return v, nil
	}
}

func TestFormulaValues(t *testing.T) {
	values := map[string]float64{"a": 0.5, "b": 2, "zero": 0, "neg": -1, "one": 1, "_x9": 7, "min2": 3, "iff": 4}
	for _, c := range []struct {
		formula string
		want    float64
	}{
		{"1", 1},
		{".5", 0.5},
		{"5.", 5},
		{"1e3", 1000},
		{"1.5E-3", 0.0015},
		{"2e+2", 200},
		{"0", 0},
		{"a", 0.5},
		{"_x9", 7},
		{"min2", 3},
		{"iff", 4},
		{" \t\r\n a \n", 0.5},
		{"(a)", 0.5},
		{"((((a))))", 0.5},

		{"1+2", 3},
		{"1 - 2", -1},
		{"2*3", 6},
		{"7/2", 3.5},
		{"1+2*3", 7},
		{"(1+2)*3", 9},
		{"2*3+4*5", 26},
		{"10-4-3", 3},
		{"10-(4-3)", 9},
		{"24/4/2", 3},
		{"24/(4/2)", 12},
		{"2*6/4*2", 6},
		{"1-2+3", 2},
		{"-1", -1},
		{"--1", 1},
		{"+1", 1},
		{"-+-1", 1},
		{"2*-3", -6},
		{"2--3", 5},
		{"-2*3", -6},
		{"-(1+2)", -3},
		{"-a+b", 1.5},
		{"1-a", 0.5},
		{"1/neg", -1},
		{"zero*neg", 0},

		{"1<2", 1},
		{"2<1", 0},
		{"2<2", 0},
		{"2<=2", 1},
		{"3<=2", 0},
		{"3>2", 1},
		{"2>3", 0},
		{"2>2", 0},
		{"2>=2", 1},
		{"1>=2", 0},
		{"2==2", 1},
		{"2==3", 0},
		{"2!=3", 1},
		{"2!=2", 0},
		{"1+1==2", 1},
		{"2*a<b-0.5", 1},
		{"(1<2)+(2<3)", 2},
		{"(a>0)*b", 2},
		{"(1<2)==(3<4)", 1},
		{"-1<0", 1},

		{"2^3", 8},
		{"2 ^ 3", 8},
		{"-2^2", -4},
		{"(-2)^2", 4},
		{"2^3^2", 512},
		{"(2^3)^2", 64},
		{"2^-1", 0.5},
		{"2^-1^2", 0.5},
		{"2^+3", 8},
		{"2^--3", 8},
		{"3*2^2", 12},
		{"2^2*3", 12},
		{"2^2/2", 2},
		{"1-2^2", -3},
		{"1--2^2", 5},
		{"2^3 == 8", 1},
		{"a^2", 0.25},
		{"4^a", 2},
		{"zero^zero", 1},
		{"zero^2", 0},
		{"(1<2)^3", 1},
		{"max(2,3)^2", 9},
		{"2^max(2,3)", 8},
		{"(-8)^3", -512},

		{"abs(-3)", 3},
		{"abs(neg)", 1},
		{"floor(1.7)", 1},
		{"floor(-1.2)", -2},
		{"ceil(1.2)", 2},
		{"ceil(-1.7)", -1},
		{"exp(0)", 1},
		{"exp(1)", math.E},
		{"sqrt(9)", 3},
		{"sqrt(0)", 0},
		{"log(1)", 0},
		{"log(exp(2))", 2},
		{"sqrt(abs(-4)) + floor(ceil(0.5)^2)", 3},
		{"exp(-b)", math.Exp(-2)},

		{"min(3)", 3},
		{"min(3,1,2)", 1},
		{"min(a,b)", 0.5},
		{"max(3,1,2)", 3},
		{"max(-1,-2)", -1},
		{"mean(1,2,6)", 3},
		{"mean(4)", 4},
		{"clamp(5,0,1)", 1},
		{"clamp(-5,0,1)", 0},
		{"clamp(0.3,0,1)", 0.3},
		{"clamp(0.5,1,0)", 1}, // crossed bounds: at least lo
		{"gate(1,a)", 0.5},
		{"gate(0.001,a)", 0.5},
		{"gate(0,a)", 0},
		{"gate(-1,a)", 0},
		{"gate(a>0.4,b)", 2},
		{"if(1,a,b)", 0.5},
		{"if(0,a,b)", 2},
		{"if(-1,a,b)", 0.5},
		{"if(a<b,a,b)", 0.5},
		{"if(zero==0, 1, 1/zero)", 1},
		{"max(0, min(1, mean(a, b)))", 1},
		{"gate(one, 0.5 + 0.25*a + 0.125*zero)", 0.625},
		{"min ( 1 , 2 )", 1},
	} {
		t.Run(c.formula, func(t *testing.T) {
			f, err := grader.ParseFormula(c.formula)
			require.NoError(t, err)
			require.Equal(t, c.formula, f.String())
			got, err := f.Eval(scores(values))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestFormulaIsLazy(t *testing.T) {
	shut := func(name string) (float64, error) {
		switch name {
		case "no":
			return 0, nil
		case "yes":
			return 1, nil
		}
		panic(name + " was looked up behind a shut gate")
	}
	for _, c := range []struct {
		formula string
		want    float64
	}{
		{"gate(no, judge)", 0},
		{"gate(no, 0.5 + judge)", 0},
		{"gate(no, 1/no)", 0},
		{"gate(no-1, judge)", 0},
		{"gate(gate(no, judge), judge)", 0},
		{"gate(yes, gate(no, judge))", 0},
		{"0.2 + gate(no, max(judge, judge))", 0.2},
		{"if(no, judge, 0.3)", 0.3},
		{"if(yes, 0.4, judge)", 0.4},
		{"if(no, judge, if(yes, 0.5, judge))", 0.5},
		{"min(gate(no, judge), 1)", 0},
	} {
		t.Run(c.formula, func(t *testing.T) {
			f, err := grader.ParseFormula(c.formula)
			require.NoError(t, err)
			got, err := f.Eval(shut)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	t.Run("a product is no gate", func(t *testing.T) {
		f, err := grader.ParseFormula("0*judge")
		require.NoError(t, err)
		require.Panics(t, func() { _, _ = f.Eval(shut) })
	})
	t.Run("a failure ends the evaluation", func(t *testing.T) {
		failure := errors.New("judge is down")
		var asked []string
		for _, formula := range []string{"a + down + b", "a < down", "max(a, down, b)", "gate(down, b)", "if(down, b, b)", "-down", "a*(1-down)*b"} {
			f, err := grader.ParseFormula(formula)
			require.NoError(t, err)
			asked = nil
			v, err := f.Eval(func(name string) (float64, error) {
				asked = append(asked, name)
				if name == "down" {
					return 0.7, failure
				}
				return 1, nil
			})
			require.Same(t, failure, err, formula)
			require.Zero(t, v, formula)
			require.NotContains(t, asked, "b", formula)
		}
	})
}

func TestFormulaIsFinite(t *testing.T) {
	values := map[string]float64{"zero": 0, "nan": math.NaN(), "inf": math.Inf(1), "huge": math.MaxFloat64}
	for _, c := range []struct{ formula, words string }{
		{"1/0", "divides by zero"},
		{"1/zero", "divides by zero"},
		{"0/0", "divides by zero"},
		{"1/-zero", "divides by zero"},
		{"(1/0) > 5", "divides by zero"},
		{"nan", "the score of nan is NaN"},
		{"inf", "the score of inf is +Inf"},
		{"nan > 0.5", "the score of nan is NaN"},
		{"nan == nan", "the score of nan is NaN"},
		{"gate(nan, 1)", "the score of nan is NaN"},
		{"if(nan, 1, 0)", "the score of nan is NaN"},
		{"min(inf, 1)", "the score of inf is +Inf"},
		{"clamp(inf, 0, 1)", "the score of inf is +Inf"},
		{"-inf", "the score of inf is +Inf"},
		{"huge*2", "gives +Inf at *"},
		{"huge+huge", "gives +Inf at +"},
		{"-huge-huge", "gives -Inf at -"},
		{"huge/0.5", "gives +Inf at /"},
		{"huge*2 > 1", "gives +Inf at *"},
		{"mean(huge, huge)", "gives +Inf at mean"},
		{"huge^2", "gives +Inf at ^"},
		{"0^-1", "gives +Inf at ^"},
		{"(-8)^0.5", "gives NaN at ^"},
		{"sqrt(-1)", "gives NaN at sqrt"},
		{"log(0)", "gives -Inf at log"},
		{"log(-1)", "gives NaN at log"},
		{"exp(1000)", "gives +Inf at exp"},
		{"log(0) < 1", "gives -Inf at log"},
		{"clamp(huge*huge, 0, 1)", "gives +Inf at *"},
	} {
		t.Run(c.formula, func(t *testing.T) {
			f, err := grader.ParseFormula(c.formula)
			require.NoError(t, err)
			_, err = f.Eval(scores(values))
			require.ErrorContains(t, err, c.words)
			require.Equal(t, grader.FaultPermanent, grader.FaultOf(err))
		})
	}
}

func TestFormulaFaults(t *testing.T) {
	for _, c := range []struct {
		formula string
		offset  int
		words   string
	}{
		{"", 0, "want a number, a grader's name, a function or (, got the end"},
		{"   ", 3, "got the end"},
		{"1 +", 3, "got the end"},
		{"1 <", 3, "got the end"},
		{"2 * ", 4, "got the end"},
		{"1 + * 2", 4, `got "*"`},
		{"a b", 2, `want an operator or the end, got "b"`},
		{"1 2", 2, `got "2"`},
		{"(1", 2, "want ), got the end"},
		{"1)", 1, `want an operator or the end, got ")"`},
		{"()", 1, `got ")"`},
		{"a,b", 1, `got ","`},
		{"1 < 2 < 3", 6, "comparisons cannot be chained"},
		{"a == b == c", 7, "comparisons cannot be chained"},
		{"a = b", 2, `got "="`},
		{"!a", 0, `got "!"`},
		{"a & b", 2, `got "&"`},
		{"a ** b", 3, `got "*"`},
		{"a ^", 3, "got the end"},
		{"^ a", 0, `got "^"`},
		{"a ^ * b", 4, `got "*"`},
		{"a ^^ b", 3, `got "^"`},
		{"a % b", 2, `got "%"`},
		{"a.b", 1, `got ".`},
		{"é", 0, `got "é"`},
		{"a + “b”", 4, "got \"“\""},
		{"\xff", 0, `got "\xff"`},
		{"a\x00", 1, `got "\x00"`},
		{"1.2.3", 0, `want a finite number, got "1.2.3"`},
		{".", 0, `want a finite number, got "."`},
		{"1e999", 0, `want a finite number, got "1e999"`},
		{"0x10", 1, `got "x10"`},
		{"1_000", 1, `got "_000"`},
		{"2a", 1, `got "a"`},
		{"1e", 1, `got "e"`},
		{"min", 0, "min is a function: want min(...)"},
		{"1 + gate", 4, "gate is a function"},
		{"mn(a)", 0, `no function "mn"; did you mean "min"?`},
		{"1 + clmap(a, 0, 1)", 4, `did you mean "clamp"? (there are abs, ceil, clamp, exp, floor, gate, if, log, max, mean, min, sqrt)`},
		{"tan(a)", 0, `no function "tan"`},
		{"sqr(a)", 0, `did you mean "sqrt"?`},
		{"log", 0, "log is a function: want log(...)"},
		{"1 + sqrt(a, 2)", 4, "sqrt takes 1 argument, got 2"},
		{"log()", 4, `got ")"`},
		{"Min(a)", 0, `did you mean "min"?`},
		{"min()", 4, `got ")"`},
		{"min(a", 5, "want ), got the end"},
		{"min(a,", 6, "got the end"},
		{"min(a,)", 6, `got ")"`},
		{"min(a b)", 6, `want ), got "b"`},
		{"1 + clamp(a)", 4, "clamp takes 3 arguments, got 1"},
		{"clamp(1,2,3,4)", 0, "clamp takes 3 arguments, got 4"},
		{"gate(a)", 0, "gate takes 2 arguments, got 1"},
		{"if(a,b)", 0, "if takes 3 arguments, got 2"},
		{strings.Repeat("(", 300) + "1" + strings.Repeat(")", 300), 200, "nested more than 200 deep"},
		{strings.Repeat("min(", 300) + "1" + strings.Repeat(")", 300), 800, "nested more than 200 deep"},
		{strings.Repeat("1^", 300) + "1", 400, "nested more than 200 deep"},
		{strings.Repeat(" ", 17<<10), 0, "at most 16384 are read"},
	} {
		t.Run(fmt.Sprintf("%.30q", c.formula), func(t *testing.T) {
			f, err := grader.ParseFormula(c.formula)
			require.Nil(t, f)
			require.ErrorContains(t, err, c.words)
			var fault *grader.FormulaError
			require.ErrorAs(t, err, &fault)
			require.Equal(t, c.offset, fault.Offset)
			offset, ok := grader.FormulaOffset(fmt.Errorf("score: %w", err))
			require.True(t, ok)
			require.Equal(t, c.offset, offset)
		})
	}
	_, err := grader.ParseFormula("1e999")
	require.NotNil(t, errors.Unwrap(err))
	_, ok := grader.FormulaOffset(errors.New("another"))
	require.False(t, ok)
}

func TestFormulaNames(t *testing.T) {
	f, err := grader.ParseFormula("gate(correct, 0.8 + 0.1*format + 0.1*correct) + min(tone, format)")
	require.NoError(t, err)
	require.Equal(t, []string{"correct", "format", "tone"}, f.Names())
	f.Names()[0] = "changed"
	require.Equal(t, []string{"correct", "format", "tone"}, f.Names())

	f, err = grader.ParseFormula("1")
	require.NoError(t, err)
	require.Empty(t, f.Names())
}

// TestFormulaAtItsLimits parses and evaluates the longest and deepest formulas.
func TestFormulaAtItsLimits(t *testing.T) {
	for name, source := range map[string]string{
		"a long sum":     strings.TrimSuffix(strings.Repeat("a+", 8192), "+"),
		"many signs":     strings.Repeat("-", 16383) + "a",
		"many arguments": "max(" + strings.Repeat("a,", 8000) + "a)",
		"deep":           strings.Repeat("(", 199) + "a" + strings.Repeat(")", 199),
		"deep powers":    strings.Repeat("a^", 198) + "a",
		"deep calls":     strings.Repeat("max(0,", 199) + "a" + strings.Repeat(")", 199),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := grader.ParseFormula(source)
			require.NoError(t, err)
			v, err := f.Eval(scores(map[string]float64{"a": 1}))
			require.NoError(t, err)
			require.NotZero(t, v)
		})
	}
	t.Run("many names", func(t *testing.T) {
		var b strings.Builder
		for i := 0; b.Len() < 16000; i++ {
			fmt.Fprintf(&b, "n%d+", i)
		}
		b.WriteString("0")
		f, err := grader.ParseFormula(b.String())
		require.NoError(t, err)
		require.Greater(t, len(f.Names()), 2500)
	})
}

func TestFormulaIsForManyGoroutines(t *testing.T) {
	f, err := grader.ParseFormula("gate(a, mean(a, b, 1) + max(a, b))")
	require.NoError(t, err)
	done := make(chan float64)
	for range 8 {
		go func() {
			v, err := f.Eval(scores(map[string]float64{"a": 1, "b": 1}))
			if err != nil {
				v = math.NaN()
			}
			done <- v
		}()
	}
	for range 8 {
		require.Equal(t, 2.0, <-done)
	}
}
