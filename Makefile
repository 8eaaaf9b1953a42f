# Two targets are for everybody: demo shows what the project does, test runs
# every test. Both set up what they need.

GO       ?= go
BUILD    := build
TESTARGS ?=
PACKAGES ?= ./... ./testdata
FUZZTIME ?= 1s

# The bootstrap is built as Lambda's custom runtime wants it: static, small.
LAMBDA_FLAGS := -trimpath -tags lambda.norpc -ldflags '-s -w'

.PHONY: demo
demo: build ## grade the sample rollouts with every kind of grader, offline
	@sh testdata/demo.sh $(BUILD)

.PHONY: deploy
deploy: ## package SPEC and deploy it: see deploy/README.md
	@sh deploy/deploy.sh --spec "$(SPEC)" $(DEPLOYARGS)

.PHONY: build
build: ## the workbench and the Lambda bootstrap for this machine, in build/
	@mkdir -p $(BUILD)
	@$(GO) build -o $(BUILD)/rft ./cmd/rft
	@CGO_ENABLED=0 $(GO) build $(LAMBDA_FLAGS) -o $(BUILD)/bootstrap ./cmd/lambda

.PHONY: package
package: ## the function's zip for arm64 (or ARCH=amd64), with SPEC=grader.yaml inside; MODULE=DIR for a module of your own
	@GO="$(GO)" LAMBDA_FLAGS="$(LAMBDA_FLAGS)" MODULE="$(MODULE)" sh deploy/package.sh "$(or $(ARCH),arm64)" $(SPEC) $(FILES)

.PHONY: test
test: test-tools ## every test
	$(GO) test -timeout 20m $(TESTARGS) $(PACKAGES)

.PHONY: check-deploy
check-deploy: test-tools ## the templates, the image and the state machine, checked offline
	node deploy/check/check.mjs
	$(GO) test $(TESTARGS) -skip TestEverythingInDeployIsSound ./deploy/...

.PHONY: test-tools
test-tools: ## what the tests need beyond Go
	@sh .ci/test-tools

.PHONY: check
check: lint fuzz ## everything that must hold before a change lands
	$(MAKE) --no-print-directory check-deploy TESTARGS=-race
	$(MAKE) --no-print-directory test TESTARGS=-race PACKAGES="$$($(GO) list ./... ./testdata | grep -v /deploy$$ | tr '\n' ' ')"

.PHONY: lint
lint:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) mod tidy -diff
	cd testdata/custom && $(GO) mod tidy -diff
	$(GO) vet ./... ./testdata
	$(GO) tool staticcheck ./... ./testdata

.PHONY: tidy
tidy: ## go.mod and go.sum of the module and of the example
	$(GO) mod tidy
	cd testdata/custom && $(GO) mod tidy

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME
	@GO="$(GO)" sh .ci/fuzz $(FUZZTIME)

.PHONY: bench
bench: ## every benchmark
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-symbolic
bench-symbolic: ## the tables of the mathematical suites, where they are there, and the speed of each category
	$(GO) test -count=1 -v -run 'Suites|Rollouts' ./graders/symbolic
	$(GO) test -run '^$$' -bench . -benchmem ./graders/symbolic/...

.PHONY: help
help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|'
