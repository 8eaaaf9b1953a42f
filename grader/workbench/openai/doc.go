// Package openai turns the grader files of OpenAI's reinforcement fine-tuning
// into specs that score the same.
//
//	string_check     the kind exact, on the text as it is; ne is 1 less its score
//	text_similarity  the kind similarity
//	score_model      the kind judge, mode absolute
//	label_model      the kind judge, mode labels
//	multi            its graders, and calculate_output as the formula
//	python           refused: the remedy is a kind of one's own
//
// The templates {{item.x}} lead to the fields of the row, reference_answer to
// the reference, and {{sample.x}} to the text, the JSON or the tool calls that
// the model wrote. What cannot be said in a spec is an error; what may differ is
// a remark, which stands in the spec as a comment.
package openai
