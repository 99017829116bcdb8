# The two commands of the Quick start are `make check` and `make test`.
PACKAGES = liblapacke-dev libopenblas-dev libglpk-dev zlib1g-dev pkg-config
PROOF_PACKAGES = coq libcoq-mathcomp-ssreflect libcoq-mathcomp-algebra libcoq-mathcomp-algebra-tactics \
  libcoq-mathcomp-zify ocaml-nox ocaml-findlib libzarith-ocaml-dev libcoq-flocq libcoq-mathcomp-analysis
CERTIFY = .build/release/certify
LIBRARY = .build/release/libcertify-c.so

.PHONY: check test deps release honesty kill evaluate mpi peers accuracies fuzz benchmark proofs lint published checkers python manual tutorial documentation screenshots schemas mutants clean library docker

# Build, and certify a bundled network.
check: release
	$(CERTIFY) check Fixtures/networks/ring.safetensors --certificates out

# All tests that need no hours.
test: deps
	swift build --build-tests
	swift test --skip-build --disable-xctest

deps:
	@Scripts/install-packages $(PACKAGES)

release: deps
	swift build -c release --product certify

# Every published network of ../shared/checkpoints, and every certificate verified again.
published: release
	Scripts/check-published $(CERTIFY)

# The published networks on our trials, against what their authors' code gave.
evaluate: release
	Scripts/evaluate-published $(CERTIFY) "$$(Benchmarks/peers/environment .build/peers-python)" ../shared/checkpoints

# The campaign against exact arithmetic: no false certificate and no false refutation.
honesty: deps
	swift build -c release --product honesty
	.build/release/honesty --count 100000 --near 10000

# Training shared by two processes gives what one gives, up to rounding.
mpi: deps
	@Scripts/install-packages libopenmpi-dev openmpi-bin
	swift build -c release --product certify --traits GLPK,MPI --scratch-path .build/mpi
	Scripts/mpi-equals-one .build/mpi/release/certify

# Two hundred training runs killed at random moments; each leaves a valid pair and goes on.
kill: release
	Scripts/kill-training $(CERTIFY) 200

# Ten minutes of libFuzzer for each reader.
fuzz: deps
	bash Fuzz/run.sh 600

# Ratios against named peers in one run.
benchmark: release
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/benchmark $(abspath $(CERTIFY)) "$$(Benchmarks/python-with-numpy .build/benchmark-python)" ../shared/checkpoints

# A training step of ours against JAX and PyTorch, in turn, on an otherwise idle machine.
peers: release
	"$$(Benchmarks/peers/environment .build/peers-python)" Benchmarks/peers/compare.py $(abspath $(CERTIFY))

# Every model and the uncertified ones on Fashion-MNIST by rows, 3 epochs each; half an hour of one processor.
accuracies: release
	@Scripts/install-packages dataset-fashion-mnist
	"$$(Benchmarks/peers/environment .build/peers-python)" Benchmarks/peers/accuracy_table.py $(abspath $(CERTIFY)) \
	  --data /usr/share/datasets/fashion-mnist

# Every theorem of Proofs/, the axioms they rest on, and the compiled files checked once more by coqchk.
proofs:
	@Scripts/install-packages $(PROOF_PACKAGES)
	$(MAKE) -C Proofs check coqchk

# The Python package: its wheel in python/dist, installed in a fresh environment, and its tests there, with the
# executable and with the C library.
python: release library
	python/build-and-test $(abspath $(CERTIFY)) $(abspath $(LIBRARY))

# The kernel, the checker in Python and the extracted one on the same certificates and on false ones.
CERTIFICATES = 2000
FALSE_ONES = 10000
checkers: release
	@Scripts/install-packages $(PROOF_PACKAGES)
	$(MAKE) -C Proofs checker
	Scripts/three-checkers --certify $(CERTIFY) --extracted Proofs/checker/certificate-checker \
	  --count $(CERTIFICATES) --mutants $(FALSE_ONES)

# Completions and manual pages under Integrations/, made anew from the executable.
manual: release
	Scripts/generate-manual $(CERTIFY)

# The tutorial, from start to end in an empty folder; and every command of every article.
tutorial: release
	Scripts/run-tutorial $(CERTIFY)

documentation: release
	CERTIFY=$(CERTIFY) Scripts/check-documentation

# Reports in Chromium: screenshots in out/screenshots, contrast, links, widths, loading; with the shared folder, of 95 models.
screenshots: release
	@Scripts/install-packages chromium python3 fonts-dejavu-core
	Scripts/make-screenshots $(CERTIFY) out/screenshots

# SARIF and the files for GitHub and GitLab against the schemas that their makers publish.
schemas: release
	@Scripts/install-packages curl xz-utils python3-venv
	Scripts/check-schemas $(CERTIFY)

# Every inequality, rounding and check of the kernel changed, one at a time, and the test that notices each.
mutants:
	Scripts/mutate-kernel

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift

clean:
	rm -rf .build out

# The C library of certify.h, which exports nothing else.
library: deps
	swift build -c release --product certify-c -Xlinker --version-script=Sources/CertifyLibrary/exports.map

# The Dockerfile, built without a registry of images, and its image run on a certified and on a refuted network.
docker: release
	Scripts/try-dockerfile $(CERTIFY)
