package symbolic_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
	"github.com/rftgrader/rftgrader/graders/symbolic"
)

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		name, options, reference, response string
		want                               float64
	}{
		{"percent either: hundredth", `{}`, `40\%`, `\boxed{0.4}`, 1},
		{"percent either: dropped", `{}`, `40\%`, `\boxed{40}`, 1},
		{"percent hundredth", `{"percent": "hundredth"}`, `40\%`, `\boxed{0.4}`, 1},
		{"percent hundredth, not dropped", `{"percent": "hundredth"}`, `40\%`, `\boxed{40}`, 0},
		{"percent drop", `{"percent": "drop"}`, `40\%`, `\boxed{40}`, 1},
		{"percent drop, no hundredth", `{"percent": "drop"}`, `40\%`, `\boxed{0.4}`, 0},
		{"units convert", `{}`, `2\text{ h}`, `\boxed{120\text{ min}}`, 1},
		{"units left out", `{}`, `2\text{ h}`, `\boxed{2}`, 1},
		{"units required", `{"units": "require"}`, `2\text{ h}`, `\boxed{2}`, 0},
		{"units required and converted", `{"units": "require"}`, `2\text{ h}`, `\boxed{120\text{ min}}`, 1},
		{"units ignored", `{"units": "ignore"}`, `2\text{ h}`, `\boxed{2\text{ min}}`, 1},
		{"order of a list", `{}`, `1, 2`, `\boxed{2, 1}`, 1},
		{"order of a list kept", `{"order": "keep"}`, `1, 2`, `\boxed{2, 1}`, 0},
		{"order of a pair ignored", `{"order": "ignore"}`, `(1,2)`, `\boxed{(2,1)}`, 1},
		{"choice", `{}`, `B`, `\boxed{(B)\ 12}`, 1},
		{"no choices", `{"choices": false}`, `B`, `\boxed{(B)\ 12}`, 0},
		{"last number", `{}`, `12`, `There are 12 of them.`, 1},
		{"no last number", `{"allow_last_number": false}`, `12`, `We count, and count again, and come to 12 in the end`, 0},
		{"absolute tolerance", `{"tolerance": {"abs": 0.1}}`, `5`, `\boxed{5.05}`, 1},
		{"beyond it", `{"tolerance": {"abs": 0.1}}`, `5`, `\boxed{5.2}`, 0},
		{"relative tolerance for a root", `{"tolerance": {"rel": 0.01}}`, `\sqrt{2}`, `\boxed{1.41}`, 1},
		{"strict form", `{"strict_form": true}`, `\frac{1}{2}`, `\boxed{\frac{2}{4}}`, 0},
		{"strict form, arithmetic", `{"strict_form": true}`, `5`, `\boxed{2+3}`, 0},
		{"strict form, reduced", `{"strict_form": true}`, `-\frac{1}{2}`, `\boxed{-\frac{1}{2}}`, 1},
		{"undecided", `{"undecided": 0.25}`, `x^2`, `\boxed{f(x)}`, 0.25},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := symbolic.Kind.New(nil, []byte(c.options))
			require.NoError(t, err)
			res, err := g.Grade(context.Background(), rollout(t, c.reference, c.response))
			require.NoError(t, err)
			require.Equal(t, c.want, res.Score, res.Reason)
		})
	}
}

func TestOptionErrors(t *testing.T) {
	for _, c := range []struct{ name, options, pointer string }{
		{"negative distance", `{"tolerance": {"abs": -1}}`, "/tolerance/abs"},
		{"a share of one", `{"tolerance": {"rel": 1}}`, "/tolerance/rel"},
		{"more than full marks", `{"undecided": 2}`, "/undecided"},
		{"another word", `{"percent": "maybe"}`, "/percent"},
		{"no finder", `{"find": []}`, "/find"},
		{"unknown option", `{"tolerence": {}}`, "/tolerence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := symbolic.Kind.New(nil, []byte(c.options))
			var option *grader.OptionError
			require.ErrorAs(t, err, &option)
			require.Equal(t, c.pointer, option.Pointer)
		})
	}
}

func TestMetrics(t *testing.T) {
	g, err := symbolic.Kind.New(nil, nil)
	require.NoError(t, err)
	for _, c := range []struct {
		name, response             string
		found, undecided, unparsed float64
	}{
		{"right", `\boxed{x^2}`, 1, 0, 0},
		{"undecided", `\boxed{f(x)}`, 1, 1, 0},
		{"unparsed", `\boxed{)(}`, 1, 0, 1},
		{"none", "", 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := g.Grade(context.Background(), rollout(t, "x^2", c.response))
			require.NoError(t, err)
			require.Equal(t, []grader.Metric{
				grader.Measure("found", c.found), grader.Measure("undecided", c.undecided), grader.Measure("unparsed", c.unparsed),
			}, res.Metrics)
		})
	}
}
