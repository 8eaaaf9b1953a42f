package workbench

import (
	"math"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rftgrader/rftgrader/grader"
)

// summary is what rft grade prints. As JSON its names are stable; the package
// comment documents them.
type summary struct {
	Spec              specSummary     `json:"spec"`
	Inputs            []string        `json:"inputs"`
	Complete          bool            `json:"complete"`
	Rollouts          int             `json:"rollouts"`
	Graded            int             `json:"graded"`
	Ungraded          ungradedCounts  `json:"ungraded"`
	Causes            []*cause        `json:"causes"`
	IDs               idSummary       `json:"ids"`
	Reward            *rewardSummary  `json:"reward"`
	Found             foundSummary    `json:"answer_found"`
	Metrics           []metricSummary `json:"metrics"`
	Groups            groupSummary    `json:"groups"`
	Length            *lengthSummary  `json:"length"`
	Guidance          []adviceSummary `json:"guidance"`
	Selected          *selectSummary  `json:"selected"`
	Labels            *labelSummary   `json:"labels"`
	Repeat            *repeatSummary  `json:"repeat"`
	Latency           *latencySummary `json:"latency"`
	Equal             int             `json:"equal_rollouts"`
	Seconds           float64         `json:"seconds"`
	RolloutsPerSecond float64         `json:"rollouts_per_second"`

	allCauses map[grader.Fault]*causes
}

type specSummary struct {
	Path    string `json:"path"`
	Hash    string `json:"hash"`
	short   string
	Graders []graderName `json:"graders"`
	Range   *[2]float64  `json:"range"`
}

type graderName struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type ungradedCounts struct {
	Total     int `json:"total"`
	Data      int `json:"data"`
	Transient int `json:"transient"`
	Permanent int `json:"permanent"`
	Deadline  int `json:"deadline"`
}

type idSummary struct {
	Missing       int   `json:"missing"`
	Repeated      int   `json:"repeated"`
	FirstRepeated rawID `json:"first_repeated"`
}

// rawID is an id as it was sent.
type rawID = jsontext.Value

// A figure is null as JSON where it is too large for a float64, as sums of finite
// rewards may be.
type figure float64

// MarshalJSONTo implements jsonv2.MarshalerTo.
func (f figure) MarshalJSONTo(enc *jsontext.Encoder) error {
	if math.IsInf(float64(f), 0) || math.IsNaN(float64(f)) {
		return enc.WriteToken(jsontext.Null)
	}
	return enc.WriteToken(jsontext.Float(float64(f)))
}

type rewardSummary struct {
	Mean      figure  `json:"mean"`
	SD        figure  `json:"sd"`
	Min       float64 `json:"min"`
	P10       float64 `json:"p10"`
	P25       float64 `json:"p25"`
	P50       float64 `json:"p50"`
	P75       float64 `json:"p75"`
	P90       float64 `json:"p90"`
	Max       float64 `json:"max"`
	Histogram []bin   `json:"histogram"`
}

type bin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int     `json:"count"`
}

type foundSummary struct {
	Count int      `json:"count"`
	Share *float64 `json:"share"`
}

type metricSummary struct {
	Name  string            `json:"name"`
	Type  grader.MetricType `json:"type"`
	Count int               `json:"count"`
	Mean  figure            `json:"mean"`
	Min   float64           `json:"min"`
	Max   float64           `json:"max"`
}

type groupSummary struct {
	Prompts       int      `json:"prompts"`
	Groups        int      `json:"groups"`
	Flat          int      `json:"flat"`
	FlatShare     *float64 `json:"flat_share"`
	AllRight      *int     `json:"all_right"`
	AllRightShare *float64 `json:"all_right_share"`
	AllWrong      *int     `json:"all_wrong"`
	AllWrongShare *float64 `json:"all_wrong_share"`

	Least       int           `json:"smallest"`
	Most        int           `json:"largest"`
	MeanOfMeans figure        `json:"mean_of_means"`
	Between     figure        `json:"sd_of_means"`
	Within      figure        `json:"mean_sd_within"`
	Threshold   float64       `json:"passes_from"`
	Pass        []passSummary `json:"pass"`
	asked       []passSummary // that only gates ask for
}

type passSummary struct {
	K       int    `json:"k"`
	Prompts int    `json:"prompts"`
	PassAtK figure `json:"pass_at_k"`
	BestOfK figure `json:"best_of_k"`
}

type lengthSummary struct {
	Mean     figure  `json:"mean"`
	Min      float64 `json:"min"`
	Max      float64 `json:"max"`
	Pearson  figure  `json:"pearson"`
	Spearman figure  `json:"spearman"`
}

type adviceSummary struct {
	Rule   string `json:"rule"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

type latencySummary struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_seconds"`
	P90   float64 `json:"p90_seconds"`
	P99   float64 `json:"p99_seconds"`
	Max   float64 `json:"max_seconds"`
}

// describe says what was graded with what.
func (s *summary) describe(g *grading, complete bool) {
	s.Complete = complete
	s.Spec = specSummary{Path: g.options.spec, Hash: g.spec.Hash(), short: g.spec.ShortHash()}
	for _, name := range g.spec.Graders() {
		s.Spec.Graders = append(s.Spec.Graders, graderName{name, g.spec.KindOf(name)})
	}
	if lo, hi, ok := g.spec.Range(); ok {
		s.Spec.Range = &[2]float64{lo, hi}
	}
	for _, in := range g.inputs {
		s.Inputs = append(s.Inputs, in.name)
	}
}
