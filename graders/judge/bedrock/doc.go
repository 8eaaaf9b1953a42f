// Package bedrock puts requests to models of Amazon Bedrock through Converse.
//
// A [Caller] asks once for each request: pacing and retries stand above it, in
// graders/judge/calls. It is the only package that imports the AWS SDK, whose
// own retries are off: their shared budget loses every call while the service
// throttles.
//
// Credentials, region and endpoint come from the environment as for every AWS
// SDK, AWS_BEARER_TOKEN_BEDROCK, AWS_ENDPOINT_URL_BEDROCK_RUNTIME and
// AWS_CA_BUNDLE included.
package bedrock
