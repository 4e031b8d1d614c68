# Signalbox. `make help` lists the targets. Nothing but a JDK 25 is needed.

SHELL := /bin/bash
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
JAR := $(ROOT)target/quarkus-app/quarkus-run.jar
MVNW := $(ROOT)mvnw -f $(ROOT)pom.xml -B -ntp

# The first JDK 25 of: JAVA_HOME, the usual places of Linux, SDKMAN and macOS, the PATH.
JDK := $(shell $(ROOT).ci/find-jdk)
export JAVA_HOME := $(JDK)

.DEFAULT_GOAL := help
.PHONY: help cli run test crash format bench package jdk

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(ROOT)Makefile | sed -E 's/:.*## /\t/' | expand -t 12

jdk:
	@if [ -z "$(JDK)" ]; then echo 'No JDK 25 found. Install one (for example Temurin 25) or point JAVA_HOME at it.' >&2; exit 1; fi

JVM := --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED

run: package ## start Signalbox with an embedded PostgreSQL and broker (data under ./data, Ctrl-C stops it)
	@cd "$(ROOT)" && exec "$(JDK)/bin/java" $(JVM) $(JAVA_OPTS) -jar "$(JAR)" $(ARGS)

cli: package ## build the command line, bin/signalbox (docs/cli.md)

package: jdk ## build the application without running tests; does nothing when it is up to date
	@if [ ! -f "$(JAR)" ] || [ ! -d "$(ROOT)target/cli" ] || [ -n "$$(find $(ROOT)src/main $(ROOT)pom.xml -newer "$(JAR)" -print -quit)" ]; then \
	  echo 'Building Signalbox ...' && $(MVNW) -q package -DskipTests -Dmaven.test.skip=true && touch "$(JAR)"; fi

test: jdk ## everything that CI checks: compile, format, unit, integration and crash tests
	$(MVNW) verify

crash: jdk ## strike the reference runs at every boundary, real kills too (docs/crash-proof.md)
	$(MVNW) verify -Dgroups=crash -Dsignalbox.crash=full -Djacoco.skip=true

format: jdk ## format all sources
	$(MVNW) -q spotless:apply

# One part alone: `make bench PART=peers`. More: QUEUE=amqp, BENCH_LARGE=1, OPTS='-Dbench.seconds=3 -Dbench.write=false'.
PARTS := engine fold growth latency longrun parked peers startup
PART ?= $(PARTS)
QUEUE ?= memory
CLASS_engine := EngineBench
CLASS_fold := FoldBench
CLASS_growth := GrowthBench
CLASS_latency := LatencyBench
CLASS_longrun := LongRunBench
CLASS_parked := ParkedBench
CLASS_peers := PeersBench
CLASS_startup := StartupBench
comma := ,
empty :=

bench: jdk $(if $(filter startup,$(PART)),package) ## measure, and write docs/benchmarks.md (one part alone: PART=peers, engine, ...)
	$(if $(filter peers,$(PART)),@$(ROOT)src/bench/peers/install)
	$(MVNW) test -Pbench -Dbench.queue=$(QUEUE) $(OPTS) \
	  -Dtest=$(subst $(empty) $(empty),$(comma),$(strip $(foreach part,$(PART),$(CLASS_$(part)))))
