// Package calls puts questions to a model and does not lose them.
//
//	model := models.Lookup("us.amazon.nova-2-lite-v1:0") // what the model can do
//	c := calls.New(bedrock.New(...), model, settings)      // one for each model and region
//	defer c.Close()
//	answer, err := c.Converse(ctx, request)
//
// A [Caller] stands on another [converse.Caller] that asks once. It is one
// model's, in one region, and lives as long as the grader that owns it, so that
// what it learned and kept serves the next batch too. [Caller.Converse]
//
//   - answers equal requests ([converse.Request.Key]) with one call, while it
//     runs and from a bounded cache afterwards: such answers are Shared;
//   - waits until the quotas per minute and the concurrency allow a call, first
//     come, first served, together with other Callers of the model ([Lanes]);
//   - asks in the form that the model supports, and learns from the service
//     where the table of models is wrong;
//   - asks again after faults that pass, until the context's deadline less a
//     reserve where the service throttles, and a number of times otherwise;
//   - asks again with more tokens where an answer was cut;
//   - stops asking where no call can succeed: a used-up quota of the day, no
//     access, no such model.
//
// Its answers can be read: stop reasons that mean something else are errors.
// Its errors are [*converse.Error]; [converse.AsFault] gives them the house's
// types. Usage, in answers and errors, is summed over all attempts.
package calls
