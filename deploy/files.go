// Package deploy holds what deploys a grader: templates, the image and the
// scripts, for programs that set up a team's own module.
package deploy

import "embed"

// Files are the templates that a module of its own needs: template.yaml,
// executor.yaml and batch.yaml.
//
//go:embed template.yaml executor.yaml batch.yaml
var Files embed.FS
