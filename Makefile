# Avain, a PKCS#11 module for national identity cards.
# `make demo` and `make check` need nothing but Rust before them.

PREFIX     ?= /usr/local
# Where the distribution keeps its libraries; /usr/local has plain lib on all of them.
LIBDIR     ?= $(shell if [ "$(PREFIX)" = /usr ]; then pkg-config --variable=libdir libpcsclite 2>/dev/null; fi)
ifeq ($(LIBDIR),)
LIBDIR     := $(PREFIX)/lib
endif
INCLUDEDIR ?= $(PREFIX)/include
BINDIR     ?= $(PREFIX)/bin
MANDIR     ?= $(PREFIX)/share/man
BASHDIR    ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions
FISHDIR    ?= $(PREFIX)/share/fish/vendor_completions.d
DOCDIR     ?= $(PREFIX)/share/doc/avain
P11DIR     ?= $(PREFIX)/share/p11-kit/modules
LIBEXECDIR ?= $(PREFIX)/libexec
DATADIR    ?= $(PREFIX)/share
UNITDIR    ?= $(PREFIX)/lib/systemd/user
# Desktops look for what starts with them in /etc alone.
SYSCONFDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)
# How p11-kit is told of the module: by its name alone where p11-kit looks for modules, because other architectures have
# the same file.
P11MODULE  ?= $(if $(filter /usr,$(PREFIX)),avain-pkcs11.so,$(installed))
# What programs under AppArmor may do that use modules of p11-kit.
APPARMOR   ?= $(SYSCONFDIR)/apparmor.d/abstractions/p11-kit.d
# With the agent and the window, which need GTK: yes or no.
DESKTOP    ?= yes
CARGO      ?= cargo
INSTALL    ?= install

target     := $(abspath $(or $(CARGO_TARGET_DIR),target))
built      := $(target)/release/libavain_pkcs11.so
tool       := $(target)/release/avain
# Manual pages and completions, written by the tool itself.
share      := $(target)/release/share
# Pages of the README for those who use a card.
pages      := docs/programs.md docs/cards.md docs/settings.md docs/logging.md
commands   := status activate change-pin unblock certs sign test can diagnose register unregister config doctor
installed  := $(LIBDIR)/pkcs11/avain-pkcs11.so
agent      := $(target)/release/avain-agent
window     := $(target)/release/avain-window
web        := $(target)/release/avain-web
# What cargo runs, runs in it by .cargo/config.toml: a sandbox, where the real pcscd can be started.
sandbox    := $(CURDIR)/pkcs11-tests/kit/sandbox

export AVAIN_MODULE = $(built)
export AVAIN_TOOL = $(tool)

.PHONY: help build binaries demo demo-window check check-all check-rest ours theirs nightly lint check-builds check-ports check-windows check-processors check-macos quick-tests contract-tests daemon-tests chapter-tests \
	tool-tests costs crates advisories fuzz fuzz-targets miri sanitize check-clients suites desktop desktop-installed desktop-costs check-desktop \
	deb rpm arch msi check-deb try-deb oldest-deb check-flatpak check-packages sbom bench tables install install-desktop uninstall uninstall-desktop clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo       see the module at work: cards, a web login, a qualified signature (all simulated)'
	@echo 'make demo-window  see the window with a simulated new card, on your desktop (needs GTK 4)'
	@echo 'make check      format, lints, all quick tests, the tests on the real pcscd that matter most, the demo'
	@echo 'make check-all  all tests, those of the desktop, the programs and test suites of others, the table of costs'
	@echo 'make nightly    exhaustive: 10,000 forks and operations, fuzzing, AddressSanitizer, Miri, advisories'
	@echo 'make check-clients  test with browsers, mail, ssh and others (installs them); write README.md and docs/programs.md'
	@echo 'make check-desktop  test the programs of the desktop, without a monitor'
	@echo 'make check-windows  test the module for Windows under Wine; make check-processors: for ARM and i686 under QEMU'
	@echo 'make fuzz       run the fuzz targets; TIME=60: seconds per target; MERGE=yes: keep the inputs that it found'
	@echo 'make build      build the module and the tool: $(built), $(tool)'
	@echo 'make desktop    build the agent and the window of the desktop (needs GTK 4)'
	@echo 'make deb        build packages for Debian and Ubuntu: $(target)/deb; so do make rpm, make arch'
	@echo 'make msi        build the package for Windows: $(target)/msi; KEY=, CERTIFICATE=: sign it'
	@echo 'make sbom       list what is built in, as CycloneDX: $(target)/sbom'
	@echo 'make check-flatpak  use what avain register writes in a real sandbox of Flatpak'
	@echo 'make check-packages  build, check, install, use and remove all packages, in three distributions'
	@echo 'make crates     check the licences, sources and versions of all crates'
	@echo 'make sanitize   run tests of the C boundary under AddressSanitizer'
	@echo 'make miri       run unit tests of the C boundary under Miri (needs nightly Rust)'
	@echo 'make suites     run the test suites of other projects; WRITE=yes: write docs/conformance.md'
	@echo 'make bench      count what each operation costs on each card, and write docs/costs.md'
	@echo 'make tables     write the generated tables of README.md, docs/cards.md and docs/pkcs11.md'
	@echo 'make install    install into PREFIX=$(PREFIX) (LIBDIR=$(LIBDIR)); DESTDIR is honoured; DESKTOP=no: not the desktop'
	@echo 'make uninstall  remove what make install installed'
	@echo 'make clean      remove what was built'

build:
	@packaging/dependencies.sh
	@$(MAKE) --no-print-directory binaries

# The module last and by itself: what only the programs need is not in it.
binaries:
	@[ -e '$(built)' ] || echo 'Building the module and the tool; the first time this takes some minutes'
	@$(CARGO) build --quiet --locked --release --package avain --package avain-web
	@$(CARGO) build --quiet --locked --release --package avain-pkcs11
	@$(tool) generate $(share)

desktop:
	@packaging/dependencies.sh --desktop
	@[ -e '$(window)' ] || echo 'Building the programs of the desktop; the first time this takes some minutes'
	@$(CARGO) build --quiet --locked --release --package avain-agent --package avain-window $(with_gtk)

demo: build
	@$(CARGO) build --quiet --locked $(members) --bin with-cards
	@$(sandbox) $(target)/debug/with-cards \
		fineid-v4.0,issued=$$(date -u +%F),state=fresh-new \
		fineid-v3.1,issued=$$(date -u +%F),pin1=270519,pin2=190527 -- pkcs11-tests/kit/demo.sh

# The window for a new card, on the desktop of whoever runs this.
demo-window: build desktop
	@$(CARGO) build --quiet --locked $(members) --bin with-cards
	@AVAIN_SHOWN=1 AVAIN_WINDOW=$(window) $(sandbox) $(target)/debug/with-cards \
		fineid-v4.0,issued=$$(date -u +%F),state=fresh-new -- pkcs11-tests/kit/demo-window.sh

# The three commands of CONTRIBUTING.md. Each ends with the counts of all its tests.

check:
	@packaging/dependencies.sh --tests
	@$(beside) check-builds binaries
	@$(MAKE) --no-print-directory check-ports
	@$(sum) $(beside) quick-tests contract-tests

# Everything on the real daemon, each fault once, the desktop, the programs and suites of others.
check-all: check check-desktop
	@$(MAKE) --no-print-directory check-rest CHAPTERS=chapter-tests

# Tests of ours beside those with the programs of others, which wait most of the time. What these need is installed
# before, because tests of ours look at what is installed.
check-rest:
	@packaging/dependencies.sh --clients
	@packaging/dependencies.sh --suites
	@$(MAKE) --no-print-directory binaries
	@$(sum) $(beside) ours theirs

ours:
	@$(call one_by_one,tool-tests daemon-tests costs)

theirs:
	@$(call one_by_one,$(CHAPTERS) check-clients suites)

# As long as it takes.
nightly: export AVAIN_EXHAUSTIVE = 1
nightly: export AVAIN_FORKS = 10000
nightly: export AVAIN_OPERATIONS = 10000
nightly: crates advisories check-all check-packages sanitize miri check-windows check-processors check-macos
	@$(MAKE) --no-print-directory fuzz TIME=$(or $(FUZZ_TIME),600)

# Two at a time.
beside     := $(MAKE) --no-print-directory -j2
# One after the other, all of them, also where one fails. A chain is one job, and takes no more from the job server of make.
one_by_one  = unset MAKEFLAGS MFLAGS; failed=; for part in $(1); do $(MAKE) --no-print-directory $$part PROGRAMS=--check || failed=1; done; [ -z "$$failed" ]
# Adds up the counts of what it runs.
sum        := pkcs11-tests/kit/sum
# Shortens the output of one `cargo test`.
tested     := pkcs11-tests/kit/summary
# Notes every call of the module and judges what it returned.
spied      := pkcs11-tests/spy/watch $(target)/debug
# Other people's programs, the fuzz targets, and what needs GTK, are built apart. Test programs are chosen by their
# names, not by their packages: cargo builds dependencies anew for another choice of packages.
gui        := avain-agent avain-window desktop
with_gtk   := --features avain-window/gtk
members    := --workspace --exclude programs --exclude fuzz $(addprefix --exclude ,$(gui))
tool_tests := $(basename $(notdir $(wildcard pkcs11-tests/cli/tests/*.rs)))
# Chapters of the module's tests in which pcscd has most to say.
contract   := login:: sessions:: slots:: general:: sharing:: signing::

lint:
	@echo 'Format and lints'
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --quiet --locked --workspace $(addprefix --exclude ,$(gui)) --all-targets -- -D warnings

# Computers on which a CK_ULONG has 32 bits: everything compiles there. Nothing is linked, so any folder does for PC/SC.
ports      := i686-unknown-linux-gnu armv7-unknown-linux-gnueabihf
windows    := x86_64-pc-windows-gnu i686-pc-windows-gnu
check-ports:
	@echo 'Compiling for 32 bits'
	@PCSC_LIB_DIR=$(CURDIR) $(CARGO) check --quiet --locked --package avain-pkcs11 --package avain $(addprefix --target ,$(ports))
	@echo 'Compiling the module for Windows'
	@$(CARGO) check --quiet --locked --package avain-pkcs11 $(addprefix --target ,$(windows))

# The module on other systems, which are emulated.
processors := aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf i686-unknown-linux-gnu
check-windows:
	@packaging/dependencies.sh --windows
	@echo 'The module on Windows, under Wine'
	@pkcs11-tests/ports/check x86_64-pc-windows-gnu

check-processors:
	@packaging/dependencies.sh --processors
	@echo 'The module on other processors, under QEMU'
	@$(sum) sh -c 'for system in $(processors); do pkcs11-tests/ports/check $$system || failed=1; done; exit $${failed:-0}'

# So that it does not rot; it is not for use. See "Other systems" in src/ARCHITECTURE.md.
check-macos:
	@packaging/dependencies.sh --macos
	@echo 'Linking the module for macOS'
	@pkcs11-tests/ports/link-macos

check-builds: lint
	@echo 'Building the tests'
	@$(CARGO) test --quiet --locked $(members) --no-run
	@$(CARGO) build --quiet --locked $(members) --bins --examples

# Unit tests, the simulated cards, and the module, as built for debugging, on the PC/SC library that its tests link.
quick-tests:
	@echo 'Quick tests'
	@$(tested) $(CARGO) test --locked $(members) --lib --bins --test card --test layers --test pages --no-fail-fast
	@env -u AVAIN_MODULE $(tested) $(CARGO) test --locked $(members) --test quick --test keypad --test every_position --no-fail-fast
	@$(tested) $(CARGO) test --locked $(members) --doc

# The release build on the real pcscd, every call noted and judged, and the demo.
contract-tests:
	@echo 'Tests on pcscd'
	@AVAIN_WORLD=daemon $(tested) $(spied) $(CARGO) test --locked $(members) --test quick --no-fail-fast -- $(contract)
	@AVAIN_WORLD=daemon $(tested) $(spied) $(CARGO) test --locked $(members) --test keypad --no-fail-fast
	@$(MAKE) --no-print-directory demo >$(target)/demo.log && echo '  make demo'

# What only the real pcscd shows, or several processes.
daemon-tests:
	@echo 'Tests that need pcscd'
	@$(tested) $(spied) $(CARGO) test --locked $(members) --test daemon --test lifecycle --test logging --test soak --no-fail-fast

# Every chapter of the module's tests on pcscd.
chapter-tests:
	@echo 'All chapters on pcscd'
	@AVAIN_WORLD=daemon $(tested) $(spied) $(CARGO) test --locked $(members) --test quick --no-fail-fast

# Those of the module and of the kit that are called like one of the tool's, secrets and readers, too.
tool-tests:
	@echo 'Tests of the tool, and every fault'
	@$(tested) $(CARGO) test --locked $(members) --no-fail-fast $(addprefix --test ,$(tool_tests) tools)
	@AVAIN_EXHAUSTIVE=1 $(tested) $(CARGO) test --locked $(members) --test every_position --no-fail-fast

costs:
	@echo 'Costs in docs/costs.md'
	@$(CARGO) build --quiet --locked $(members) --bin bench
	@$(sandbox) $(target)/debug/bench --check docs/costs.md >/dev/null

# libFuzzer programs. Only the module is instrumented, hence a target folder of its own.
fuzzed     := $(target)/fuzz
targets    := $(basename $(notdir $(wildcard pkcs11-tests/fuzz/fuzz_targets/*.rs)))
TIME       ?= 60
fuzz-targets:
	@RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/pkcs11-tests/fuzz/instrument $(CARGO) build --quiet --locked --profile fuzz \
		--target-dir $(fuzzed) --package fuzz $(addprefix --bin ,$(targets))

fuzz:
	@packaging/dependencies.sh --tests
	@echo 'Building'
	@$(MAKE) --no-print-directory fuzz-targets
	@AVAIN_FUZZ=$(fuzzed)/fuzz $(CARGO) run --quiet --locked --package fuzz --bin fuzz -- \
		$(TIME) $(fuzzed)/work $(if $(MERGE),merge)

# Licences, sources and versions of the crates we use.
cargo_deny := $(or $(shell command -v cargo-deny),$(target)/tools/bin/cargo-deny)
advisories: $(cargo_deny)
	@echo 'Advisories'
	@$(cargo_deny) --log-level error --config packaging/deny.toml fetch db 2>/dev/null || \
		{ echo 'NOT RUN: the database of advisories cannot be fetched here'; exit 0; }; \
		$(cargo_deny) --log-level error --config packaging/deny.toml --workspace check --disable-fetch advisories

crates: $(cargo_deny)
	@echo 'Crates'
	@$(cargo_deny) --log-level error --config packaging/deny.toml --manifest-path src/module/Cargo.toml --exclude-dev check bans licenses sources
	@$(cargo_deny) --log-level error --config packaging/deny.toml --manifest-path src/tool/Cargo.toml --exclude-dev check bans licenses sources
	@$(cargo_deny) --log-level error --config packaging/deny.toml --manifest-path src/agent/Cargo.toml --exclude-dev check bans licenses sources
	@$(cargo_deny) --log-level error --config packaging/deny.toml --manifest-path src/web/Cargo.toml --exclude-dev check bans licenses sources
	@$(cargo_deny) --log-level error --config packaging/deny.toml --workspace check licenses sources

$(target)/tools/bin/cargo-deny:
	@echo 'Installing cargo-deny from crates.io into $(target)/tools'
	@# Not optimised: it runs for three seconds, and optimising it takes minutes.
	@CARGO_PROFILE_DEV_DEBUG=false $(CARGO) install --quiet --locked --debug --version 0.20.2 --root $(target)/tools cargo-deny

# Tests of the C boundary with the module built for AddressSanitizer. It is unstable in rustc; its library is that of
# gcc, loaded before the test program. It keeps what was freed for a while, so nothing is said of how much memory is taken.
sanitized  := $(target)/sanitized/$(shell rustc -vV | sed -n 's/^host: //p')/release/libavain_pkcs11.so
sanitizer   = $(shell $(CC) -print-file-name=libasan.so)
sanitize:
	@packaging/dependencies.sh --tests
	@RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address $(CARGO) build --quiet --locked --release --package avain-pkcs11 \
		--config profile.release.lto=false --target-dir $(target)/sanitized \
		--target $(notdir $(patsubst %/release/libavain_pkcs11.so,%,$(sanitized)))
	@AVAIN_MODULE=$(sanitized) ASAN_OPTIONS=detect_leaks=0 pkcs11-tests/kit/summary $(CARGO) test --locked --no-fail-fast --package module \
		--config 'target."cfg(target_os = \"linux\")".runner = ["$(sandbox)", "env", "LD_PRELOAD=$(sanitizer)"]' \
		--test quick -- arguments sequences objects signing sessions slots login sharing --skip takes_no_room

# Unit tests of the C boundary under Miri, which finds undefined behaviour. Only nightly Rust has it. It knows
# neither files of other users nor /proc, so of sys only the memory is tried.
miri:
	@packaging/dependencies.sh --miri
	@# From another folder: cargo would find the runner in .cargo/config.toml beside that of Miri, and take neither.
	@cd / && $(CURDIR)/pkcs11-tests/kit/summary $(CARGO) +nightly miri test --locked --manifest-path $(CURDIR)/Cargo.toml \
		--lib --package avain-card --package avain-pkcs11 --target-dir $(target)/miri -- \
		ffi:: sys::memory cards::pin iso7816::apdu iso7816::channel

# The programs people use, each with the module. The tables of programs are written, or with PROGRAMS=--check compared.
PROGRAMS   ?= --write
programs   := $(target)/programs
# One test of the programs at a time on each processor.
on_all     := --config 'target."cfg(target_os = \"linux\")".runner = ["$(CURDIR)/pkcs11-tests/programs/side-by-side"]'
check-clients:
	@packaging/dependencies.sh --clients
	@$(MAKE) --no-print-directory binaries
	@pkcs11-tests/programs/set-up.sh clients $(programs)/clients
	@rm -rf $(programs)/rows
	@pkcs11-tests/kit/summary $(CARGO) $(on_all) test --locked --package programs --lib --test clients --no-fail-fast
	@$(CARGO) run --quiet --locked --package programs -- clients $(PROGRAMS) README.md docs/programs.md

# The programs of the desktop as they are installed, on one without a monitor. Apart from check, because not everybody
# who changes the module wants to install GTK.
check-desktop:
	@packaging/dependencies.sh --desktop-tests
	@$(MAKE) --no-print-directory desktop-installed
	@$(CARGO) clippy --quiet --locked $(addprefix --package ,$(gui)) $(with_gtk) --all-targets -- -D warnings
	@echo 'Tests of the desktop'
	@# They wait for windows and cards most of the time: more of them than processors run at once.
	@AVAIN_BESIDE=$$(($$(nproc) * 2)) AVAIN_DESKTOP=$(target)/desktop $(tested) \
		$(CARGO) $(on_all) test --locked $(addprefix --package ,$(gui)) $(with_gtk) --no-fail-fast
	@echo '  Pictures of all pages: $(or $(AVAIN_PICTURES),$(target)/pictures)'

# How soon the window and the agent are there, and what they take: of what is in docs/costs.md.
desktop-costs: desktop-installed
	@AVAIN_DESKTOP=$(target)/desktop $(CARGO) test --quiet --locked $(addprefix --package ,$(gui)) $(with_gtk) \
		--test agent --test opening --test window -- --nocapture --test-threads 1 \
		it_sleeps there_before it_is_there to_be_activated for_a_ready_card not_to_be_asked_about_opens \
		>$(target)/desktop-costs.log 2>&1 || { tail -n 30 $(target)/desktop-costs.log; exit 1; }
	@grep -oE '(agent|window): .*' $(target)/desktop-costs.log

desktop-installed: desktop binaries
	@$(MAKE) --no-print-directory install-desktop PREFIX=$(target)/desktop >/dev/null

# Apart from check, because it fetches the suites and takes as long as all the rest.
suites:
	@packaging/dependencies.sh --suites
	@$(MAKE) --no-print-directory binaries
	@pkcs11-tests/programs/set-up.sh suites $(programs)/suites
	@rm -rf $(programs)/results
	@pkcs11-tests/kit/summary $(CARGO) $(on_all) test --locked --package programs --lib --test suites --no-fail-fast
	@$(CARGO) run --quiet --locked --package programs -- suites $(if $(WRITE),--write,--check) docs/conformance.md

# The package for Windows, signed if there is a KEY with its CERTIFICATE.
msi:
	@packaging/dependencies.sh --windows
	@$(CARGO) build --quiet --locked --release --package avain-pkcs11 --target $(firstword $(windows))
	@packaging/windows/msi $(target)/$(firstword $(windows))/release/avain_pkcs11.dll $(target)/msi $(KEY) $(CERTIFICATE)
	@ls $(target)/msi/*

# Packages of what `make install` installs.
deb rpm arch:
	@packaging/dependencies.sh --$@
	@$(MAKE) --no-print-directory build desktop
	@rm -rf $(target)/$@
	@packaging/build $@ $(target)/$@ >$(target)/$@.log 2>&1 || { tail -n 30 $(target)/$@.log; exit 1; }
	@ls $(target)/$@/*

# The same bytes when they are made again, of the programs in a folder.
same_again  = rm -rf $(target)/again && CARGO_TARGET_DIR=$(2) packaging/build $(1) $(target)/again >/dev/null 2>&1 && \
	diff -r $(2)/$(1) $(target)/again && rm -r $(target)/again && echo '  $(1): the same again'

# Those for Debian: clean, reproducible, and gone after use. With ROOT: in another system.
check-deb: deb
	@packaging/dependencies.sh --tests
	@packaging/dependencies.sh --browsers
	@echo 'Checking the packages for Debian'
	@lintian --allow-root --tag-display-limit 0 --fail-on error,warning $(target)/deb/*.deb && echo '  lintian'
	@$(call same_again,deb,$(target))
	@$(MAKE) --no-print-directory try-deb

try-deb:
	@$(CARGO) build --quiet --locked $(members) --bin with-cards
	@AVAIN_CARDS=$(target)/debug/with-cards $(tested) $(CARGO) --config \
		'target."cfg(target_os = \"linux\")".runner = ["$(CURDIR)/packaging/check-deb", "$(or $(DEBS),$(target)/deb)", "$(or $(ROOT),/)"]' \
		test --locked --package programs --test clients
as_root    := $(if $(filter-out 0,$(shell id -u)),sudo)

# What is registered, in a real sandbox of Flatpak.
check-flatpak: binaries
	@packaging/dependencies.sh --tests
	@packaging/dependencies.sh --flatpak
	@$(tested) $(CARGO) test --locked --package programs --test clients -- --ignored flatpak::

# Packages that serve all systems, because they are built in the oldest one.
oldest     := $(target)/oldest
oldest-deb:
	@packaging/dependencies.sh --roots
	@$(as_root) packaging/root jammy $(target)/roots/jammy-build build
	@$(as_root) packaging/build-in $(target)/roots/jammy-build $(oldest)

# All packages, of programs that were built in the oldest system. The systems are fetched once, and take some GB.
suites_of_debian := trixie jammy noble
check-packages: check-deb check-flatpak oldest-deb
	@packaging/dependencies.sh --rpm
	@packaging/dependencies.sh --arch
	@set -e; for format in rpm arch; do \
		rm -rf $(oldest)/$$format; \
		CARGO_TARGET_DIR=$(oldest) packaging/build $$format $(oldest)/$$format >$(target)/$$format.log 2>&1 || { tail -n 30 $(target)/$$format.log; exit 1; }; \
	done
	@$(call same_again,rpm,$(oldest)) && $(call same_again,arch,$(oldest))
	@$(as_root) packaging/check-others $(oldest)/rpm $(oldest)/arch
	@AVAIN_CARDS=$(target)/debug/with-cards AVAIN_INSIDE=check-others-inside packaging/check-deb $(oldest) / none
	@set -e; for suite in $(suites_of_debian); do \
		echo "In a new $$suite"; \
		$(as_root) packaging/root $$suite $(target)/roots/$$suite; \
		$(MAKE) --no-print-directory try-deb ROOT=$(target)/roots/$$suite DEBS=$(oldest)/deb; \
	done

# What is built into each program, from crates.io's cargo-cyclonedx.
cyclonedx  := $(target)/tools/bin/cargo-cyclonedx
sbom: $(cyclonedx)
	@$(cyclonedx) cyclonedx --quiet --format json --spec-version 1.5 --all-features --override-filename avain-sbom
	@mkdir -p $(target)/sbom
	@set -e; for crate in module tool agent window web; do \
		mv src/$$crate/avain-sbom.json $(target)/sbom/$$crate.cdx.json; done
	@find . -name avain-sbom.json -not -path './target/*' -delete
	@ls $(target)/sbom/*

$(cyclonedx):
	@echo 'Installing cargo-cyclonedx from crates.io into $(target)/tools'
	@CARGO_PROFILE_DEV_DEBUG=false $(CARGO) install --quiet --locked --debug --version 0.5.9 --root $(target)/tools cargo-cyclonedx

bench: build
	@$(CARGO) run --quiet --locked --release --package kit --bin bench -- --write docs/costs.md

tables:
	@AVAIN_WRITE_TABLES=1 $(CARGO) test --quiet --locked --package avain-pkcs11 --lib tables_are_up_to_date

# Builds nothing by itself where the module is there, so that `sudo make install` needs no Rust.
$(built) $(tool) $(web):
	@$(MAKE) --no-print-directory build

$(agent) $(window):
	@$(MAKE) --no-print-directory desktop

install: $(built) $(tool) $(if $(filter yes,$(DESKTOP)),install-desktop)
	$(INSTALL) -D -m 0755 $(built) $(DESTDIR)$(installed)
	$(INSTALL) -D -m 0755 $(tool) $(DESTDIR)$(BINDIR)/avain
	$(call install-manuals,$(share)/man)
	$(INSTALL) -D -m 0644 $(share)/completions/avain.bash $(DESTDIR)$(BASHDIR)/avain
	$(INSTALL) -D -m 0644 $(share)/completions/_avain $(DESTDIR)$(ZSHDIR)/_avain
	$(INSTALL) -D -m 0644 $(share)/completions/avain.fish $(DESTDIR)$(FISHDIR)/avain.fish
	$(INSTALL) -D -m 0644 include/avain.h $(DESTDIR)$(INCLUDEDIR)/avain.h
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DOCDIR) README.md LICENSE-APACHE LICENSE-MIT
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DOCDIR)/docs $(pages)
	$(INSTALL) -D -m 0644 -t $(DESTDIR)$(DOCDIR)/examples include/examples/activate.c
	$(INSTALL) -d $(DESTDIR)$(P11DIR)
	sed 's|@module@|$(P11MODULE)|' packaging/avain.module >$(DESTDIR)$(P11DIR)/avain.module
	chmod 0644 $(DESTDIR)$(P11DIR)/avain.module
	$(INSTALL) -D -m 0644 packaging/common/apparmor $(DESTDIR)$(APPARMOR)/avain
ifeq ($(DESTDIR)$(filter /usr,$(PREFIX)),)
	@echo 'To tell your programs of the module: avain register (for everybody: sudo avain register --system)'
endif

# A folder with manuals in several languages, as that of the system is.
install-manuals = set -e; for page in $$(cd $(1) && find * -name '*.1'); do \
	$(INSTALL) -D -m 0644 "$(1)/$$page" "$(DESTDIR)$(MANDIR)/$$page"; done

# The desktop's files in packaging/common: each with the folder that it is put into. They name the programs' folders.
placed     := fi.avain.avain.service:$(DATADIR)/dbus-1/services fi.avain.agent.service:$(DATADIR)/dbus-1/services \
	avain-agent.service:$(UNITDIR) avain-scs.socket:$(UNITDIR) avain-scs@.service:$(UNITDIR) \
	fi.avain.agent.desktop:$(SYSCONFDIR)/xdg/autostart \
	fi.avain.avain.desktop:$(DATADIR)/applications fi.avain.avain.metainfo.xml:$(DATADIR)/metainfo \
	fi.avain.avain.svg:$(DATADIR)/icons/hicolor/scalable/apps \
	fi.avain.avain-symbolic.svg:$(DATADIR)/icons/hicolor/symbolic/apps
wants      := $(UNITDIR)/graphical-session.target.wants

# Every session starts the unit: that is what who installs the desktop's programs wants.
install-desktop: $(agent) $(window) $(web)
	$(INSTALL) -D -m 0755 $(agent) $(DESTDIR)$(LIBEXECDIR)/avain-agent
	$(INSTALL) -D -m 0755 -t $(DESTDIR)$(BINDIR) $(window) $(web)
	$(call install-manuals,packaging/common/man)
	set -e; for file in $(placed); do \
		name=$${file%%:*} folder=$(DESTDIR)$${file#*:}; \
		$(INSTALL) -d "$$folder"; \
		sed 's|@bin@|$(BINDIR)|; s|@libexec@|$(LIBEXECDIR)|' "packaging/common/$$name" >"$$folder/$$name"; \
		chmod 0644 "$$folder/$$name"; \
	done
	$(INSTALL) -d $(DESTDIR)$(wants)
	ln -sf ../avain-agent.service $(DESTDIR)$(wants)/

# Where the manuals of these programs are.
manuals     = $(foreach folder,. fi sv et,$(patsubst %,$(DESTDIR)$(MANDIR)/$(folder)/man1/%.1,$(1)))

uninstall-desktop:
	rm -f $(DESTDIR)$(LIBEXECDIR)/avain-agent $(addprefix $(DESTDIR)$(BINDIR)/avain-,window web)
	rm -f $(DESTDIR)$(wants)/avain-agent.service
	rm -f $(call manuals,avain-window avain-web)
	rm -f $(foreach file,$(placed),$(DESTDIR)$(lastword $(subst :, ,$(file)))/$(firstword $(subst :, ,$(file))))
	-rmdir $(DESTDIR)$(wants) 2>/dev/null

uninstall: uninstall-desktop
	rm -f $(DESTDIR)$(installed) $(DESTDIR)$(INCLUDEDIR)/avain.h $(DESTDIR)$(P11DIR)/avain.module
	rm -f $(addprefix $(DESTDIR)$(DOCDIR)/,README.md LICENSE-APACHE LICENSE-MIT $(pages)) $(DESTDIR)$(BINDIR)/avain
	rm -f $(call manuals,avain $(addprefix avain-,$(commands))) $(DESTDIR)$(APPARMOR)/avain
	rm -f $(DESTDIR)$(DOCDIR)/examples/activate.c
	rm -f $(DESTDIR)$(BASHDIR)/avain $(DESTDIR)$(ZSHDIR)/_avain $(DESTDIR)$(FISHDIR)/avain.fish
	-rmdir $(addprefix $(DESTDIR)$(DOCDIR)/,docs examples) $(DESTDIR)$(DOCDIR) 2>/dev/null

clean:
	@$(CARGO) clean --quiet
