// Package deploy holds what deploys a grader: templates, the image and the
// scripts, for programs that set up a team's own module.
package deploy

import "embed"

// Files are those that a module of its own needs, too: the templates, the image's
// Dockerfile, and the scripts that package and deploy.
//
//go:embed template.yaml executor.yaml batch.yaml Dockerfile package.sh deploy.sh
var Files embed.FS
