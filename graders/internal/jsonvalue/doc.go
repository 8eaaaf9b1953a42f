// Package jsonvalue reads JSON that a model wrote, strictly and within bounds,
// and compares it with a reference field by field. It holds what the kinds json
// and tools share.
//
// Values are nil, bool, string, [encoding/json.Number], []any and
// map[string]any. Numbers are kept as they are written and compared exactly.
package jsonvalue
