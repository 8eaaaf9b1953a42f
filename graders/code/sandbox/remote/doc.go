/*
Package remote is the executor that runs programs in another AWS Lambda
function: one that has no permissions and no way out.

[New] makes the caller's half, a [sandbox.Executor] that invokes the function.
[Handler] makes the function's half, which runs what it is sent with an
executor of its own, package jail as a rule. One binary can play both parts.

# Protocol

A request is the payload of one synchronous invocation and holds one program:

	{"version":1,"op":"run","id":"4f0c…","program":{"language":{…},"runtime":{…},"source":"…","entry":"f","limits":{…}},
	 "inputs":[{"stdin":"1 2\n"},{"call":"{…}"}],"time_ms":29500,"most":6000000}
	{"version":1,"op":"report","id":"4f0c…"}

Inputs are all that is sent of the tests: what the caller expects of them never
leaves it. Text that is not UTF-8, or shorter so, is {"base64":"…"}. Times are
in nanoseconds (time_ms aside), sizes in bytes. time_ms is how long the caller
will wait, most the largest answer that it takes.

	{"version":1,"id":"4f0c…","build":{"cpu":…,"wall":…,"memory":…},"outputs":[{"stdout":"3\n","cpu":…,"wall":…,"memory":…}]}
	{"version":1,"id":"4f0c…","report":{…}}
	{"version":1,"id":"4f0c…","error":"permanent"}

An answer may have fewer outputs than there were inputs: the function stops when
the next one would not fit, when time runs out, and after a run into a time limit,
so that the caller can say whether it still wants the rest. The caller sends what
is left in another invocation, which builds the program again. Inputs that do not
fit one request are sent in several in the first place. Standard error is cut to
its last 64 KiB, the compiler's output to its first 32 KiB.

The errors are permanent and transient (of the function's executor; its log
tells more), request (it does not understand), size (an output does not fit),
deadline (time_ms ended before the first output), timeout (the function's own
time did) and spent (the environment must not be used any more).

# What a program can do to the function

The function is there to be taken over. A program that gets out of the function's
sandbox owns one execution environment: it can read the request that it came in,
call the Runtime API, and answer in the function's stead. The caller reads every
answer as hostile: its size, its number of outputs, the id, every text against the
program's limits. What passes is outputs, and those are guesses, which the caller
compares with what only it knows. One request holds one program, so a forged answer
is an answer about the forger.

A program that survives there can do more: it sees the programs and inputs of the
invocations that follow in the same environment, and can answer for them. It can
make a right program fail, or let another program's right outputs pass for those of
a wrong one. It still knows no expected output. Against that: the function's own
sandbox kills what is left after each request; [HandlerOptions].Spent ends an
environment in which something was; and with Options.Tenant each program has an
environment that no other program gets (the function must have been created with
the tenant isolation mode PER_TENANT; each program then waits for a cold start).
A report, too, is only as honest as the environment that made it.

Nothing that a program can bring about in there is a *grader.TransientError, since
a batch that fails for a while comes again, with the same program in it. An
environment that dies, an answer that breaks the rules, and an error that the
function reports are tried again, and are then a *grader.PermanentError of this
program. Only the service's own refusals are transient: no connection, 429, 5xx.
No text of an answer is in any error.

# Permissions

The caller's role needs lambda:InvokeFunction on the function's ARN, and on
ARN:* where it is called by version or alias. The function's role should have no
policy but logs:CreateLogStream and logs:PutLogEvents on its own log group, or
none at all; whoever takes the environment over has that role. To have no way
out it belongs in a VPC's subnets without NAT gateway, endpoints, and outbound
rules of its security group; joining a VPC then takes the ec2 permissions of
AWSLambdaVPCAccessExecutionRole, which can be denied to the function's code by a
condition on lambda:SourceFunctionArn. It needs no environment variables with
secrets, no layers with any, and no triggers. Its time-out must be longer than
what the longest program takes to build and run one input, and it needs 1,769 MB
of memory for each processor.

The caller signs with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
AWS_SESSION_TOKEN of its environment, as Lambda sets them.

The operation Invoke, its statuses and its header for tenants are those of the
AWS Lambda API reference. This package was tried with a stand-in for Lambda, and
not with the service.
*/
package remote
