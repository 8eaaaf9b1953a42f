package calibration

// A Report is what [New] says. Figures that are not defined for the cases are nil.
type Report struct {
	Rows            int `json:"rows"`
	Compared        int `json:"compared"` // rows with labels of both sides
	WithoutHuman    int `json:"without_human"`
	WithoutJudge    int `json:"without_judge"`
	WithoutMajority int `json:"without_majority"` // several people, none of whose labels has a majority

	Accuracy       *Figure     `json:"accuracy"`
	CohenKappa     *Figure     `json:"cohen_kappa"`
	KappaLinear    *Figure     `json:"kappa_linear"`
	KappaQuadratic *Figure     `json:"kappa_quadratic"`
	WithoutTies    *Agreement  `json:"without_ties"`
	Confusion      []Confusion `json:"confusion"`

	Pearson     *Figure `json:"pearson"`
	Spearman    *Figure `json:"spearman"`
	KendallTauB *Figure `json:"kendall_tau_b"`
	AUC         *Figure `json:"auc"`
	Positives   int     `json:"positives"` // of people's labels, for the area under the curve

	RaterPairs  []RaterPair `json:"rater_pairs"`
	FleissKappa *float64    `json:"fleiss_kappa"`

	Repeats  *Repeats  `json:"repeats"`
	Position *Position `json:"position"`
	Length   *Length   `json:"length"`
}

// A Figure is a number with the interval in which it lies with [Confidence].
type Figure struct {
	Value    float64     `json:"value"`
	Interval *[2]float64 `json:"interval"`
}

// Agreement is the accuracy over some of the rows.
type Agreement struct {
	N        int      `json:"n"`
	Accuracy *float64 `json:"accuracy"`
}

// A Confusion counts how often the judge said Judge where people said Human.
type Confusion struct {
	Human string `json:"human"`
	Judge string `json:"judge"`
	Count int    `json:"count"`
}

// A RaterPair is Cohen's kappa of two people, by their numbers from 1.
type RaterPair struct {
	A     int      `json:"a"`
	B     int      `json:"b"`
	Kappa *float64 `json:"cohen_kappa"`
}

// Repeats says how well a judge agrees with itself; see stats.Repeats.
type Repeats struct {
	N            int      `json:"n"`
	Scores       int      `json:"scores"`
	MeanOfMeans  *float64 `json:"mean_of_means"`
	WithinSD     *float64 `json:"mean_within_sd"`
	AllEqual     *float64 `json:"all_equal"`
	PairsEqual   *float64 `json:"pairs_equal"`
	MedianIsMean *float64 `json:"median_is_mean"`
	ICC11        *float64 `json:"icc_1_1"`
	ICC21        *float64 `json:"icc_2_1"`
	ICC31        *float64 `json:"icc_3_1"`
	Alpha        *float64 `json:"krippendorff_alpha"`
}

// Position says how much a judge goes by the place of an answer; see
// stats.Positions. Where only the judge's own metrics tell its bias, there is
// nothing else.
type Position struct {
	N          int      `json:"n"`
	Readable   int      `json:"readable"`
	First      int      `json:"first"`
	Ties       int      `json:"ties"`
	Both       int      `json:"both"`
	Agree      int      `json:"agree"`
	FirstShare *float64 `json:"first_share"`
	Agreement  *float64 `json:"agreement"`
	Bias       *float64 `json:"bias"`
}

// Length says how scores and labels go with the length of the text.
type Length struct {
	N     int          `json:"n"`
	Judge Correlations `json:"judge"`
	Human Correlations `json:"human"`
}

// Correlations are with the length.
type Correlations struct {
	Pearson  *float64 `json:"pearson"`
	Spearman *float64 `json:"spearman"`
}

// Figures returns the figures that a gate can name, by their names.
func (r *Report) Figures() map[string]*float64 {
	figures := map[string]*float64{}
	for name, f := range map[string]*Figure{
		"accuracy": r.Accuracy, "cohen_kappa": r.CohenKappa, "kappa_linear": r.KappaLinear, "kappa_quadratic": r.KappaQuadratic,
		"pearson": r.Pearson, "spearman": r.Spearman, "kendall_tau_b": r.KendallTauB, "auc": r.AUC,
	} {
		figures[name] = nil
		if f != nil {
			figures[name] = &f.Value
		}
	}
	figures["icc_2_1"], figures["all_equal"], figures["agreement"] = nil, nil, nil
	if r.Repeats != nil {
		figures["icc_2_1"], figures["all_equal"] = r.Repeats.ICC21, r.Repeats.AllEqual
	}
	if r.Position != nil {
		figures["agreement"] = r.Position.Agreement
	}
	return figures
}
