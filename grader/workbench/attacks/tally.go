package attacks

import "github.com/rftgrader/rftgrader/grader/workbench/stats"

// A Trial is one attack on one answer, with the rewards.
type Trial struct {
	Attack   string
	Honest   float64 // of the answer as it was
	Empty    float64 // of an empty answer
	Attacked float64
}

// A Finding says what a family of attacks gains.
type Finding struct {
	Family   string `json:"family"`
	Doc      string `json:"doc"`
	Trials   int    `json:"trials"`
	Ungraded int    `json:"ungraded"` // attacks that got no reward: they gain nothing
	// MeanReward is that of the attacked answers.
	MeanReward float64 `json:"mean_reward"`
	// MeanGain and MostGain are over the honest answer.
	MeanGain float64 `json:"mean_gain"`
	MostGain float64 `json:"most_gain"`
	// MostBy is the attack that gained most in one trial.
	MostBy string `json:"most_by"`
	// Paid counts trials that were paid: above the honest answer, or, of a family
	// that replaces the answer, above an empty one; by more than the margin.
	Paid int `json:"paid"`
	// Pays says that the family is worth its while: its mean is above that of the
	// honest answers, or of empty ones, by more than the margin.
	Pays bool `json:"pays"`
}

// Judge sums up the trials of a family.
func Judge(f Family, trials []Trial, ungraded int, margin float64) Finding {
	out := Finding{Family: f.Name, Doc: f.Doc, Trials: len(trials), Ungraded: ungraded}
	var rewards, gains, undue stats.Moments
	for _, t := range trials {
		gain := t.Attacked - t.Honest
		rewards.Add(t.Attacked)
		gains.Add(gain)
		over := gain
		if f.Replaces {
			over = max(gain, t.Attacked-t.Empty)
		}
		undue.Add(over)
		if over > margin {
			out.Paid++
		}
		if out.MostBy == "" || gain > out.MostGain {
			out.MostGain, out.MostBy = gain, t.Attack
		}
	}
	out.MeanReward, out.MeanGain = rewards.Mean(), gains.Mean()
	out.Pays = len(trials) > 0 && undue.Mean() > margin
	return out
}
