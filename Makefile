# make        builds linger and checks the TCP close: once as the RFC has it, once with a fault
# make example  tests the package of Examples/InProcess
# make test   lints the layout of the sources and runs the tests
.PHONY: all build check-specs test example lint bench clean

SHELL := /bin/bash
# A debug build, optimised, with every assertion: docs/decisions/009-optimised-tests.md.
test-build := --scratch-path $(CURDIR)/.build-test -Xswiftc -O -Xswiftc -assert-config -Xswiftc Debug
# Nobody looks at a backtrace of each error that is thrown and caught: it is not made.
export SWT_SWIFT_ERROR_BACKTRACING_ENABLED := 0
linger := .build/release/linger
# A verdict is an exit code of its own: 1 violated, 3 unknown. Both are answers here, not failures.
answer = { code=$$?; echo "exit code $$code"; [ $$code -eq 0 ] || [ $$code -eq 1 ] || [ $$code -eq 3 ]; }

all: build check-specs

build:
	.ci/prepare
	swift build -c release

check-specs:
	@printf '\n$$ linger check %s\n' specs/tcp-close/TCPClose.linger
	@$(linger) check specs/tcp-close/TCPClose.linger || $(answer)
	@printf '\n$$ linger check %s\n' specs/tcp-close/faults/LastAckClosesOnAnyAck.linger
	@$(linger) check specs/tcp-close/faults/LastAckClosesOnAnyAck.linger || $(answer)

test: lint
	.ci/prepare
	@mkdir -p .build-test
	@set -o pipefail; swift test --disable-xctest $(test-build) 2>&1 | tee .build-test/test.log || { \
	  printf '\nWhat failed, and the seeds of the random tests:\n'; \
	  grep -aE '✘|error:|LINGER_SEED' .build-test/test.log | cut -c 1-400 | tail -n 60; exit 1; }

# A package of its own, as a stranger would have it. What `make test` built of Linger serves it too.
example:
	cd Examples/InProcess && swift test --disable-xctest $(test-build)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Examples

bench: build
	Benchmarks/close-net/run.sh

clean:
	swift package clean
	rm -rf .build-test
