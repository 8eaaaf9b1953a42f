// Package prompt writes what a judge is asked.
//
// A question has two parts. The static part ([System]) says what is judged, by
// which rubric and how the verdict is given; it is equal byte for byte for all
// rollouts, so that the service can keep it. The other part ([Render]) is the
// material: each piece of it stands, as data, between fences that carry a code
// drawn at random for this request alone.
//
//	<candidate-5f0c9d3a7be21864>
//	what the model wrote
//	</candidate-5f0c9d3a7be21864>
//
// Whoever wrote the material wrote it before the code was drawn, so nothing in
// it can close its fence. Text that looks like a fence is made harmless all the
// same, and the whole is written in a single pass: what stands in the material
// is never taken for a place to fill in.
package prompt
