#!/bin/sh
# The walls of docs/architecture.md: what may know what, what may touch a packet's bytes, how long
# things may be, and that the documents are true.
# shellcheck source=tests/harness.sh
. "$(dirname "$0")/harness.sh"
cd "$root" || exit 99

# none fails when it is given lines, and shows them.
none() {
	found=$(cat)
	[ -z "$found" ] || fail "$1:
$found"
}

# scan fails where a pattern stands in one of the files.
scan() {
	what=$1 pattern=$2
	shift 2
	grep -nE "$pattern" "$@" | none "$what"
}

src=$(find src -name '*.[ch]' | sort)
dissectors=$(find dissectors -name '*.[ch]' ! -name slice.h | sort)
# shellcheck disable=SC2086 # lists of names, here and below
set -- $src $dissectors dissectors/slice.h

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'

# ---- dissectors/ is pure ----

archive=$(dirname "$HANDSPAN")/libdissect.a
[ -f "$archive" ] || fail "$archive is not there"

instrumentation='__(asan|ubsan|sanitizer|gcov|stack_chk|llvm|start|stop)_|_GLOBAL_OFFSET_TABLE_'
nm --defined-only "$archive" | awk 'NF == 3 { print $3 }' | sort -u >"$scratch/defined"
nm -u "$archive" | awk '$1 == "U" { print $2 }' | sort -u | comm -23 - "$scratch/defined" |
	grep -vE "^(__)?(mem|str)[a-z]+(_chk)?$|^$instrumentation" |
	none "libdissect.a needs more than mem* and str*"

# Tables of constants that hold pointers lie in .data.rel.ro, which is read-only once loaded.
if sanitized "$archive"; then
	echo "note: a sanitizer's build keeps its own data: .data and .bss are not looked at"
else
	size -A "$archive" | awk '/^\.(data|bss|tdata|tbss)/ && !/^\.data\.rel\.ro/ && $2 > 0' |
		none "libdissect.a has data that can change"
fi

grep -nE "$include<" dissectors/*.[ch] | grep -vE '<(stdbool|stddef|stdint|string)\.h>' |
	none "dissectors/ includes more than plain types and string.h"
scan "dissectors/ looks into src/" "$include\"(\.\.|src)/" dissectors/*.[ch]

# ---- each library has one room ----

for library in 'nids\.h' 'pcap(\.h|/)' 'libxml/' 'zlib\.h' 'zstd' 'lz4' 'seccomp\.h'; do
	# shellcheck disable=SC2086
	rooms=$(grep -lE "$include<$library" $src)
	[ "$(echo "$rooms" | wc -l)" -le 1 ] || fail "<$library> is included by more than one file:
$rooms"
done
# shellcheck disable=SC2086
grep -lE "$include<openssl/" $src | grep -vxE 'src/trust/(cert|cert_file|signature)\.c' |
	none "<openssl/...> is included by more than OpenSSL's room"

# ---- files are opened before the sandbox is entered, or in its directories ----

# shellcheck disable=SC2086
grep -nE '(^|[^[:alnum:]_])(f?open|popen|system|v?fork|exec[lv][ep]*|socket)\(' $src |
	grep -vE '^src/(sandbox/opened|options_capture|capture/capture_interface|capture/output_open|export/export_dir|workers/workers_start)\.c:' |
	none "files are opened, or worse, where the sandbox may not let them be"

# ---- bytes are read through slice.h alone ----

bytes='[[:alnum:]_]+(\.|->)p'
# shellcheck disable=SC2086
{
	scan "a slice is indexed" "$bytes(\[|[[:space:]]*(\+|--|-=|-[[:space:]]*[0-9]))" $src $dissectors
	scan "a slice's pointer is followed" "\*$bytes\>" $src $dissectors
	scan "packet bytes are cast to a struct" \
		"\((const )?(struct|union) [[:alnum:]_]+ (const )?\*( const)?\)[[:space:]]*\(?$bytes\>" \
		$src $dissectors
	scan "a dissector takes a slice's pointer out" "= $bytes;" $dissectors
}

# ---- sizes ----

wc -l "$@" | awk '$1 > 400 && $2 != "total" && $2 != "dissectors/names_table.h" && $2 != "src/findings/rules.c"' |
	none "files over 400 lines"

# A function begins with its name in column 0 and lies between { and } in column 0.
awk '
	FNR == 1 { open = 0; name = "?" }
	/^[a-z_][a-z0-9_]*\(/ { start = FNR; name = $0 }
	/^{$/ { open = 1 }
	/^}$/ {
		if (!open)
			print FILENAME ":" FNR ": a function in another form than the house has"
		else if (FNR - start >= 60)
			print FILENAME ":" start ": " FNR - start + 1 " lines: " name
		open = 0
	}
' "$@" | none "functions over 60 lines"

# ---- the documents are true ----

page=docs/architecture.md
if [ -f "$page" ]; then
	# what stands there as code: in backticks, fenced or indented
	awk '
		/^```/ { fenced = !fenced; next }
		fenced || /^(\t|    )/ { print; next }
		{ n = split($0, part, "`"); for (i = 2; i <= n; i += 2) print part[i] }
	' "$page" | grep -oE '[][[:alnum:]_./*-]+' | sort -u >"$scratch/tokens"

	for file in "$@"; do
		# a header is named with its .c
		stem=$(basename "${file%.[ch]}")
		grep -qE "(^|/)$stem(\.(c|h|\[ch\]))?$" "$scratch/tokens" ||
			fail "$file is not named in $page"
	done

	grep -E '^(src|dissectors|tests|docs|pcaps|tools)/.|^[^/]+\.(c|h|\[ch\]|md|py|sh|json)$' \
		"$scratch/tokens" |
		while read -r token; do
			token=${token%/}
			find src dissectors tests docs pcaps tools -path "$token" -o -path "*/$token" |
				grep -q . || echo "$token"
		done | none "$page names files that are not there"
else
	fail "$page is not there"
fi

if [ -f docs/findings.md ]; then
	"$HANDSPAN" --explain all | diff docs/findings.md - >"$scratch/diff" ||
		fail "docs/findings.md is stale: $(head -n 5 "$scratch/diff")"
else
	fail "docs/findings.md is not there"
fi

finish
