// Package models says what Bedrock's models can do, what their quotas weigh
// and what they cost.
//
// The table (table.json) was written in 2026-11 from AWS's documentation, the
// SDK and reports of users; nobody has compared all of it with the service. It
// ages: specs override it ([Model.With]), and a request that the service
// refuses with a reason teaches what the table did not know ([Model.Learn]).
// Prices and default quotas are illustrative.
package models
