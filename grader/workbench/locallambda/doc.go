// Package locallambda runs a bootstrap binary on this machine as AWS Lambda
// would run it, and serves real clients.
//
// [Start] takes the very binary that is deployed. Each concurrent execution
// environment is one process of it, driven over the Lambda Runtime API on a
// port of its own on 127.0.0.1. The [Function] is called from Go with
// [Function.Invoke], and over HTTP by any AWS client, because it is an
// http.Handler of the Invoke API; [Serve] gives it a port:
//
//	aws lambda invoke --endpoint-url http://127.0.0.1:9000 \
//	    --function-name function --payload file://batch.json out.json
//
// # What is as on Lambda
//
//   - Environments start on demand, or with [Function.Warm], are reused warm,
//     the most recently used first, and take one invocation at a time. More
//     invocations than Config.Concurrency are refused with 429.
//   - Initialising may take Config.InitTimeout. An environment that fails to
//     initialise is started once more inside the invocation, whose time-out
//     then covers both.
//   - At the time-out the whole process group is killed with SIGKILL, the
//     caller gets a function error, and the next invocation starts cold. The
//     same is true when the process ends by itself. The process that follows
//     has the log stream of the one that ended.
//   - Requests over 6 MB and responses over 6 MB fail, with Lambda's errors.
//   - A function error is status 200 with the header X-Amz-Function-Error.
//   - The process has the environment variables of Lambda and nothing of the
//     caller's environment.
//   - Until a response has begun, GET next gives the current event to whoever
//     asks, and a forged response is accepted; from the first byte of a
//     response on, both are refused with 403. Tests of a sandbox rely on it.
//   - A response in the streaming mode may end with the trailers of a function
//     error. In the other mode, which is that of a response without the header
//     Lambda-Runtime-Function-Response-Mode, trailers are not looked at: what was
//     sent is the answer. So it is in AWS's runtime interface emulator, whose core
//     is Lambda's; aws-lambda-go (1.55) never sends the header.
//   - The log has the START, END and REPORT lines.
//
// # What is not
//
// There is no authentication, no memory limit, no freezing between
// invocations, no read-only file system and no second attempt at an Event
// invocation that fails. Versions and aliases are accepted in a function's
// name and all mean $LATEST. Response streaming is not offered to callers; a
// function that streams is answered whole.
//
// The facts are those of the Lambda developer guide (chapters Runtime API,
// execution environment, quotas, and the Invoke operation of the API
// reference) and of AWS's own clients.
package locallambda
