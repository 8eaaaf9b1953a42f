/*
Package conversestub is a stand-in for the endpoint of Amazon Bedrock's Converse,
for tests, demonstrations and dry runs. IT IS A SIMULATION: no model answers, and
what its "judge" says is a documented function of the text it is shown. It was
written from documentation, SDK source and reports of users, and was never
compared with the real service.

	stub, err := conversestub.New(conversestub.Config{RPM: 500, Latency: 2 * time.Second})
	server := httptest.NewServer(stub)
	t.Setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.URL)

A [Stub] is an [http.Handler], and an [http.RoundTripper] for clients that need no
network. It takes time from package time, so it runs in the bubble of
testing/synctest.

# What it does as documented

  - POST /model/{modelId}/converse with the id escaped (%3A, %2F); other routes are
    unknown operations. A request without a signature's form (AWS4-HMAC-SHA256
    with the service bedrock) or a bearer token is refused with 403.
  - Errors have the header X-Amzn-ErrorType, with the long form of the type, and the
    body {"message": ...}; every response has an X-Amzn-RequestId.
  - Requests per minute, tokens per minute and tokens per day, each in a window that
    slides. A call reserves its input and maxTokens at its start (the model's
    most, if maxTokens is missing), and is charged input + cache writes + output ×
    burn-down at its end. Cache reads are free of the quota in the end.
  - maxTokens cuts the answer: stop reason max_tokens.
  - What a model cannot do is a 400, by a table of models ([Models]): forced tools,
    JSON schemas and their key words, temperature with topP, sampling at all,
    thinking with a forced tool, an answer begun by the caller, ids that need an
    inference profile. A hyphen in a tool's name is a 424 of Nova.
  - A cached prefix that is long enough for its model is written once and read
    then, for its time to live, and shows in the usage.

What is not documented is decided here: the quota's window slides by the second; a
refused or throttled call costs nothing; a call whose client went away before its
answer is not charged, and counts in [Ledger.Abandoned]; a token is four characters
of a text ([Tokens]).

# The judge

[Planted], unless another [Judge] is given, finds the candidates between fences
<NAME-NONCE> and </NAME-NONCE>, and fills in the schema that the request asks for (of
the output, of the forced tool, or spelled out in the system text). See [Quality]
for the quality of a candidate, and [Planted] for what becomes of it.

# Scripted faults

[Config].Script says what happens to the calls in order: throttling, delays, hanging,
connections closed before and inside the answer, every stop reason, and answers that
break naive readers; see [Step] and [Faults].
*/
package conversestub
