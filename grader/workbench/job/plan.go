package job

// Defaults of AWS's own recipe for Nova (2026-05), which are taken where a
// definition leaves a number to the service.
const (
	defaultBatchSize    = 128
	defaultEpochs       = 1
	defaultSamples      = 8
	defaultEvalInterval = 10
)

// A Plan is what a job will do, as far as it can be told before.
type Plan struct {
	Records           int       `json:"records"`
	ValidationRecords int       `json:"validation_records"`
	StepsPerEpoch     int       `json:"steps_per_epoch"`
	Steps             int       `json:"steps"`
	Evaluations       int       `json:"evaluations"`
	TrainingResponses int       `json:"training_responses"` // that are graded
	EvalResponses     int       `json:"evaluation_responses"`
	Responses         int       `json:"graded_responses"`
	Batch             int       `json:"rollouts_per_invocation"` // assumed
	Invocations       int       `json:"grader_invocations"`
	PerStep           int       `json:"responses_per_step"`
	Notes             []Problem `json:"notes"`
}

// Plan returns the figures for so many records. Batch is how many rollouts the
// trainer is assumed to send in one invocation, which the service does not say.
//
// steps per epoch = ceil(records / batch size); graded responses = records x
// samples per prompt x epochs, and one for each validation record at each
// evaluation.
func (d Definition) Plan(records, validation, batch int) Plan {
	size := int(or(d.BatchSize, defaultBatchSize))
	epochs := int(or(d.Epochs, defaultEpochs))
	samples := int(or(d.SamplesPerPrompt, defaultSamples))
	interval := int(or(d.EvalInterval, defaultEvalInterval))
	p := Plan{Records: records, ValidationRecords: validation, Batch: batch}
	p.StepsPerEpoch = ceil(records, size)
	p.Steps = p.StepsPerEpoch * epochs
	p.PerStep = min(size, records) * samples
	p.TrainingResponses = records * samples * epochs
	if validation > 0 {
		p.Evaluations = p.Steps / interval
		p.EvalResponses = p.Evaluations * validation
	}
	p.Responses = p.TrainingResponses + p.EvalResponses
	// The last step of an epoch takes what is left.
	inEpoch := records/size*ceil(size*samples, batch) + ceil(records%size*samples, batch)
	p.Invocations = epochs*inEpoch + p.Evaluations*ceil(validation, batch)
	note := func(field, text string) { p.Notes = append(p.Notes, Problem{Field: field, Text: text}) }
	if records < size {
		note("batch-size", "the data has fewer records than one step takes")
	}
	if p.Steps < 10 {
		note("epochs", "fewer than 10 steps teach little: more records, more epochs or a smaller batch size")
	}
	if validation > 0 && interval > p.Steps {
		note("eval-interval", "no evaluation happens before the job ends")
	}
	if records < 100 {
		note("data", "want 100 records or more")
	}
	if records+validation > 20_000 {
		note("data", "want at most 20,000 records, with those for validation")
	}
	return p
}

func or(value *int32, otherwise int32) int32 {
	if value == nil {
		return otherwise
	}
	return *value
}

func ceil(n, by int) int { return (n + by - 1) / by }
