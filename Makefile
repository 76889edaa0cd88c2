# make with no target lists the targets.

# Builds with Go 1.26. Its gofumpt, vet and staticcheck are the ones make check
# runs; .golangci.yml says with which settings.
GOLANGCI_LINT_VERSION := v2.15.0
GOLANGCI_LINT := .tools/golangci-lint-$(GOLANGCI_LINT_VERSION)

.DEFAULT_GOAL := help
.PHONY: help run test mutants-full fuzz bench-runner bench-pulse bench-accelerate soak conformance-matrix check build

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Somebody's own database, which the environment may name, is not for a first try.
run: build ## run a first workflow against the bundled reference; nothing has to be set up
	env -u DATABASE_URL bin/arazzo run workflows/prisma-pulse-named-stream-resume-workflow.yml --reference -i streamName=all-user-events -i model=User

test: ## run all tests
	go test ./... -count=1 -timeout 20m

# What came of each mutant; interrupted, it goes on behind those that are in it.
FOUND := $(CURDIR)/bin/mutants.jsonl

mutants-full: ## every case of the conformance suite against every broken reference, and who sees what; half an hour
	mkdir -p bin
	go test ./conformance/mutant -run '^TestMutants$$' -count=1 -v -timeout 4h -args -full $(FOUND)

# What reads texts from outside: the package of runner/ or reference/, and the target in it.
FUZZ := source:FuzzParse source:FuzzJSONNodes source:FuzzOutline source:FuzzFix arazzo:FuzzRead openapi:FuzzLoad \
	expression:FuzzParse expression:FuzzTemplate condition:FuzzConditions jsonpath:FuzzParsePrefix \
	xpath:FuzzParse xpath:FuzzParseDocument selector:FuzzTemplate sse:FuzzNext exchange:FuzzDecompress exchange:FuzzText \
	contract:FuzzSchemas link:FuzzLink rule:FuzzCheck credential:FuzzFile \
	payload:FuzzForm payload:FuzzFormText payload:FuzzMultipart source:FuzzEncodeJSON payload:FuzzReplace payload:FuzzXML
FUZZ_REFERENCE := prisma:FuzzAppendJSON prisma:FuzzArray prisma:FuzzDateTimeValue prisma:FuzzRawType prisma/psl:FuzzParse prisma/prismatest:FuzzSchema \
	replication:FuzzParseV2 replication:FuzzParseLSN replication:FuzzParseTimelineHistory spool:FuzzRecords \
	filter:FuzzParse filter:FuzzPick filter:FuzzDecimal filter:FuzzTime graphql:FuzzParse queryschema:FuzzCheck statement:FuzzOf statement:FuzzRawParameters engine:FuzzAppendRow \
	accelerate:FuzzReadEnvelope accelerate:FuzzReadInvalidation \
	jsonhttp:FuzzObject jsonhttp:FuzzParseKey postgres:FuzzUnpackTar postgres:FuzzGivenURL eventlog:FuzzDecodeChunk
FUZZ_COMMAND := environments:FuzzKeys environments:FuzzRead

# Inputs, not seconds: Go before 1.27 sometimes fails a target that has found nothing
# when its time is up (golang/go#75804).
INPUTS := 5000

fuzz: ## fuzz every parser with some thousand inputs each; what is found stays as a seed
	@set -e; for t in $(FUZZ:%=runner/%) $(FUZZ_REFERENCE:%=reference/%) $(FUZZ_COMMAND:%=cmd/internal/%); do \
		go test ./$${t%%:*} -run='^$$' -fuzz="^$${t##*:}$$" -fuzztime=$(INPUTS)x -fuzzminimizetime=1x; \
	done

# Beside a file of somebody's: make bench-runner BIG=FILE.
BIG :=

bench-runner: build ## measure bin/arazzo beside hand-written yardsticks; half a minute
	go build -o bin/ ./cmd/internal/bench
	bin/bench $(if $(BIG),-big $(BIG)) bin/arazzo

# The sizes that docs/performance.md has: make bench-pulse FULL=1.
FULL :=

bench-pulse: build ## measure bin/reference's Pulse beside hand-written yardsticks, on a Postgres of its own; two minutes
	go build -o bin/ ./cmd/internal/benchpulse
	bin/benchpulse $(if $(FULL),-full) bin/reference

# With PostGraphile beside it, fetched by npm: make bench-accelerate PEER=1.
PEER :=

bench-accelerate: build ## measure bin/reference's Accelerate beside hand-written yardsticks, on a Postgres of its own; two minutes
	go build -o bin/ ./cmd/internal/benchaccelerate
	bin/benchaccelerate $(if $(PEER),-postgraphile) bin/reference

# SEED=N repeats the choices of an earlier run.
ROUNDS := 200
SEED := 0

soak: ## kill and cut the reference, its nodes, Postgres and NATS, fill the disk: 200 rounds or half an hour
	go test ./reference/soak -run '^TestSoak$$' -count=1 -v -timeout 45m -args -rounds $(ROUNDS) -within 30m -seed $(SEED)

conformance-matrix: ## the conformance suite on Postgres 12 to 18, whose binaries npm has; five minutes
	conformance/matrix.sh

check: $(GOLANGCI_LINT) ## gofumpt, go vet, staticcheck and the house rules; the first time builds the linter
	$(GOLANGCI_LINT) run ./...

build: ## build bin/arazzo and bin/reference
	go build -o bin/ ./cmd/arazzo ./cmd/reference

$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/.tools go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv .tools/golangci-lint $@
