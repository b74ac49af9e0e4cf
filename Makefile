# make              installs what is needed and builds; the commands are dist/bin/NAME
# make sess         a session to try it in (make sess CMD='...' runs that in one)
# make test         passes the tests; make check lints, too
# make bench        compares with dtach, tmux, screen, script: ONLY='echo start', QUICK=1; dist/bench.json, dist/bench.svg
# make install      PREFIX= DESTDIR=; make uninstall
PREFIX = /usr/local
DESTDIR =
CMD =
ONLY =
QUICK =
NODE = $(shell command -v node)

COMMANDS = sess pty ttyprotect condom nobuf disconnect reconnect sessname sesslist sesswho \
	sesswhere sesskill sesstail sesstype sesswait sessrecord waitfor ttydetach trecord tplay tscript \
	sessalive
SOURCES = $(shell find cmd lib test -name '*.ts') $(wildcard cmd/*.sh)
LIB = $(PREFIX)/lib/sesstools
MANUAL = $(PREFIX)/share/man

build: dist/.built

node_modules/.installed: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

dist/.built: node_modules/.installed tsconfig.json $(SOURCES)
	rm -rf dist
	npx --no-install tsc -p .
	node_modules/.bin/esbuild cmd/bundles/*.ts --bundle --platform=node --target=node20 --format=cjs \
		--log-level=warning --outdir=dist/bundles --out-extension:.js=.cjs
	cd node_modules/node-pty && cp "$$(ls -d build/Release/pty.node \
		"prebuilds/linux-$$('$(NODE)' -p process.arch)/pty.node" 2>/dev/null | head -n 1)" '$(CURDIR)/dist/bundles'
	sh cmd/commands.sh '$(NODE)' '$(CURDIR)/dist/bundles' '$(CURDIR)/dist/bin' dist/bundles dist/bin \
		$(COMMANDS)
	touch $@

export SESS_CMD := $(value CMD)
sess: build
	@PATH='$(CURDIR)/dist/bin':"$$PATH"; export PATH; command=$$SESS_CMD; unset SESS_CMD; \
	if test -n "$$command"; then exec sess -- sh -c "$$command"; else exec sess; fi

lint: build
	npx --no-install eslint .
	npx --no-install prettier --check --log-level warn .
	if command -v mandoc >/dev/null; then cd man && mandoc -Tlint *; fi
	if command -v shellcheck >/dev/null; then shellcheck cmd/*.sh test/*.sh .ci/run; fi

test: build
	sh test/packages.sh
	sh test/run.sh

check: lint test

bench: build
	'$(NODE)' dist/test/bench/main.js $(if $(QUICK),--quick) $(ONLY)

install: build
	install -d '$(DESTDIR)$(LIB)' '$(DESTDIR)$(PREFIX)/bin'
	install -d '$(DESTDIR)$(MANUAL)/man1' '$(DESTDIR)$(MANUAL)/man7'
	install -m 644 dist/bundles/*.cjs dist/bundles/pty.node '$(DESTDIR)$(LIB)'
	install -m 644 node_modules/minimist/LICENSE '$(DESTDIR)$(LIB)/LICENSE.minimist'
	install -m 644 node_modules/node-pty/LICENSE '$(DESTDIR)$(LIB)/LICENSE.node-pty'
	sh cmd/commands.sh '$(NODE)' '$(LIB)' '$(PREFIX)/bin' '$(DESTDIR)$(LIB)' '$(DESTDIR)$(PREFIX)/bin' \
		$(COMMANDS)
	install -m 644 man/*.1 '$(DESTDIR)$(MANUAL)/man1'
	install -m 644 man/*.7 '$(DESTDIR)$(MANUAL)/man7'

uninstall:
	rm -rf '$(DESTDIR)$(LIB)'
	cd '$(DESTDIR)$(PREFIX)/bin' && rm -f $(COMMANDS) sessmenu
	for page in man/*.1; do rm -f '$(DESTDIR)$(MANUAL)/man1/'"$${page##*/}"; done
	for page in man/*.7; do rm -f '$(DESTDIR)$(MANUAL)/man7/'"$${page##*/}"; done

.PHONY: build sess lint test check bench install uninstall
