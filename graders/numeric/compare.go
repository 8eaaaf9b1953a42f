package numeric

import (
	"math"
	"strconv"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/numeric/number"
)

// comparison is what came of an answer beside its reference.
type comparison struct {
	score         float64
	relativeError float64 // at most 1
	verdict       string  // stands between the two for people
}

func (g *numeric) compare(got, want number.Reading) comparison {
	a, b := got.Value, want.Value
	switch g.percent {
	case PercentExact:
		if got.Percent != want.Percent {
			return comparison{relativeError: 1, verdict: "differs by its percent sign from the reference"}
		}
	case PercentHundredth:
		a, b = hundredth(got), hundredth(want)
	}
	if g.units && got.Unit != want.Unit {
		return comparison{relativeError: 1, verdict: "has the unit " + grader.Excerpt(got.Unit) + ", not " + grader.Excerpt(want.Unit) + " as the reference"}
	}
	var c comparison
	if g.within > 0 {
		c.relativeError = number.RelativeError(a, b, 1)
	}
	switch {
	case a.Equal(b):
		c.score, c.verdict = 1, "equals the reference"
	case g.tolerated(a, b):
		c.score, c.verdict = 1, "is within the tolerance of the reference"
	default:
		c.verdict = "is not the reference"
		if c.score = g.partial(a, b); c.score > 0 {
			c.verdict = "is off by a relative " + strconv.FormatFloat(c.relativeError, 'g', 3, 64) + " from the reference"
		}
	}
	return c
}

func hundredth(r number.Reading) number.Value {
	if r.Percent {
		return r.Value.Shift(-2)
	}
	return r.Value
}

func (g *numeric) tolerated(a, b number.Value) bool {
	switch {
	case g.absValue.Sign() > 0 && a.Within(b, g.absValue):
		return true
	case g.relValue.Sign() > 0 && a.Within(b, g.relValue.Mul(b.Abs())):
		return true
	}
	return g.digits > 0 && a.Round(g.digits).Equal(b.Round(g.digits))
}

// partial returns the credit of an answer outside the tolerance: it falls in a
// straight line from 1 at the edge of the tolerance to 0 at within.
func (g *numeric) partial(a, b number.Value) float64 {
	if g.within == 0 || b.Sign() == 0 {
		return 0
	}
	e := number.RelativeError(a, b, math.MaxFloat64)
	edge := max(g.rel, number.Ratio(g.absValue, b, math.MaxFloat64))
	if e >= g.within || edge >= g.within {
		return 0
	}
	// Full marks are for what is within the tolerance, whatever the rounding.
	return min((g.within-e)/(g.within-edge), math.Nextafter(1, 0))
}
