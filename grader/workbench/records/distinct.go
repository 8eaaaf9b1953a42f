package records

import "github.com/go-json-experiment/json/jsontext"

// Distinct finds records that were there before. It keeps some hundred bytes for each
// different one. The zero value is ready.
type Distinct struct {
	seen map[Key]first
}

type first struct {
	number    int
	reference Key
	told      bool
}

// A Repeat is a record that was there before.
type Repeat struct {
	// Of is the number of the first such record.
	Of int
	// Conflict says that its reference answer is another one, and is said once
	// for each key.
	Conflict bool
}

// See tells of the number-th record, and whether it is a repeat.
func (d *Distinct) See(number int, key, reference Key) (Repeat, bool) {
	if d.seen == nil {
		d.seen = map[Key]first{}
	}
	f, repeated := d.seen[key]
	if !repeated {
		d.seen[key] = first{number: number, reference: reference}
		return Repeat{}, false
	}
	r := Repeat{Of: f.number, Conflict: f.reference != reference && !f.told}
	if r.Conflict {
		f.told = true
		d.seen[key] = f
	}
	return r, true
}

// ReferenceKey identifies the reference answer of a record, wherever the trainers
// have it; that of a record without one is the zero key.
func ReferenceKey(record []byte) Key {
	for _, at := range []jsontext.Pointer{"/reference_answer", "/metadata/reference_answer", "/reward_model/ground_truth"} {
		if k, err := valueKey(record, at); err == nil {
			return k
		}
	}
	return Key{}
}
