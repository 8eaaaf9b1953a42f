package workbench

import "github.com/rftgrader/rftgrader/grader/batch"

type htmlForm struct{}

func newHTMLForm(float64) form { return htmlForm{} }

func (htmlForm) head() []byte                                          { return nil }
func (htmlForm) row(d []byte, _ row, _ *batch.Outcome) ([]byte, error) { return d, nil }
func (htmlForm) tail(*summary, *tally, []gateResult) ([]byte, error)   { return nil, nil }
