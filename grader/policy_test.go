package grader_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rftgrader/rftgrader/grader"
)

func TestActionJSON(t *testing.T) {
	for _, c := range []struct {
		action grader.Action
		json   string
		text   string
	}{
		{grader.Fail(), `"fail"`, "fail"},
		{grader.Action{}, `"fail"`, "fail"},
		{grader.Neutral(), `"neutral"`, "neutral"},
		{grader.Impute(0), `0`, "0"},
		{grader.Impute(-0.5), `-0.5`, "-0.5"},
		{grader.Impute(1e-9), `1e-9`, "1e-09"},
		{grader.Impute(0.1), `0.1`, "0.1"},
	} {
		t.Run(c.text, func(t *testing.T) {
			b, err := json.Marshal(c.action)
			require.NoError(t, err)
			require.Equal(t, c.json, string(b))
			require.Equal(t, c.text, c.action.String())
			back := grader.Impute(99)
			require.NoError(t, json.Unmarshal(b, &back))
			require.Equal(t, c.action, back)
		})
	}
	for _, s := range []string{`"zero"`, `"Fail"`, `""`, `true`, `null`, `[]`, `{}`, `1e999`, `-1e999`, `"0.5"`, `"fail`, `"`, ``, `nul`} {
		t.Run("refuses "+s, func(t *testing.T) {
			action := grader.Neutral()
			require.Error(t, action.UnmarshalJSON([]byte(s)))
			require.True(t, action.IsNeutral(), "a refused value changes nothing")
		})
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := json.Marshal(grader.Impute(v))
		require.ErrorContains(t, err, "must be finite")
	}
}

func TestActionKinds(t *testing.T) {
	require.True(t, grader.Action{}.IsFail())
	require.True(t, grader.Fail().IsFail())
	require.False(t, grader.Fail().IsNeutral())
	require.True(t, grader.Neutral().IsNeutral())
	require.False(t, grader.Neutral().IsFail())
	v, ok := grader.Impute(0.25).Number()
	require.True(t, ok)
	require.Equal(t, 0.25, v)
	_, ok = grader.Neutral().Number()
	require.False(t, ok)
	require.False(t, grader.Impute(0).IsFail(), "an imputed zero is no failure")
}

func TestPolicyJSON(t *testing.T) {
	want := grader.Policy{
		OnError:     map[grader.Fault]grader.Action{grader.FaultData: grader.Impute(-1), grader.FaultTransient: grader.Fail(), grader.FaultDeadline: grader.Neutral()},
		MaxUngraded: 0.5,
	}
	for _, policy := range []grader.Policy{want, grader.DefaultPolicy(), {}} {
		b, err := json.Marshal(policy)
		require.NoError(t, err)
		var back grader.Policy
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, policy, back)
	}
}

func TestPolicyDefaults(t *testing.T) {
	for _, p := range []grader.Policy{grader.DefaultPolicy(), {}} {
		require.Equal(t, grader.Fail(), p.Action(grader.FaultTransient))
		require.Equal(t, grader.Fail(), p.Action(grader.FaultDeadline))
		require.Equal(t, grader.Neutral(), p.Action(grader.FaultData))
		require.Equal(t, grader.Neutral(), p.Action(grader.FaultPermanent))
		require.Equal(t, grader.Fail(), p.Action("no such class"))
	}
	require.Equal(t, 0.25, grader.DefaultPolicy().MaxUngraded)
	p := grader.Policy{OnError: map[grader.Fault]grader.Action{grader.FaultData: grader.Fail()}}
	require.Equal(t, grader.Fail(), p.Action(grader.FaultData))
	require.Equal(t, grader.Neutral(), p.Action(grader.FaultPermanent))

	grader.DefaultPolicy().OnError[grader.FaultData] = grader.Impute(1)
	require.Equal(t, grader.Neutral(), grader.DefaultPolicy().Action(grader.FaultData), "the defaults are shared by nobody")
}
