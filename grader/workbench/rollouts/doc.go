// Package rollouts reads rollouts from files and streams of any size, one at a
// time, and holds no more than the one, or the line, that is being read.
//
// The form is decided by the content:
//
//	[{...}, {...}]               a JSON array of rollouts: a batch
//	{"trajectories": [{...}]}    the same inside an object, as some trainers send it
//	{...}                        one rollout, on one line or on several
//	{...} [...] {...}            rollouts and batches one after the other, laid out
//	                             on several lines
//	{...}                        JSONL: on each line one rollout, one batch, or
//	[{...}, {...}]               several of them, and anything that is not one of
//	{"trajectories": [{...}]}    the forms above
//
// A byte order mark, line ends of CRLF or CR, blank lines and a missing last line
// end are fine. What is no text in UTF-8 is refused with an [ErrEncoding].
//
// Damage stays where it is. A line that is not valid JSON or no rollout, and an
// element of an array with broken grammar inside, are rows of their own with a
// [*grader.DataError]; what stands around them is read. Only where the brackets
// of an array on several lines do not match is the rest of the file given up,
// with a [*DamageError].
package rollouts
