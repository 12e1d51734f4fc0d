#!/usr/bin/python3
"""Compares what handspan sees in the public captures with what tshark saw there.

usage: oracle.py [-v] [--dir DIR] [WORD...]

A row is a hello, certificate or alert with its flow and frame. With -v every row that only one of
the two has is shown; with words, only captures with one of them in their name are read.
"""
import argparse
import collections
import sys
from ipaddress import ip_address
from pathlib import Path

from harness import Broken, Unreadable, events, of_kind, shared

KINDS = 'SH HRR CH CERT CERT0 ALERT HVR'.split()
COUNTED = 'SH CH CERT ALERT'.split()
# in per cent of tshark's rows
MUST_FIND = 99.5
MAY_ADD = 2.0
LEVELS = {'warning': '1', 'fatal': '2'}

# what is said in that frame: version and cipher, index and hash, level and code
Row = collections.namedtuple('Row', 'kind proto sender to what frame')


def truth_row(columns):
    kind, frame, proto, ip, port, to_ip, to_port, *rest = columns
    if kind in ('SH', 'HRR'):
        # an SSLv2 server names all ciphers it shares; handspan keeps the first
        what = (rest[0], rest[1].split(',')[0])
    elif kind == 'HVR':
        what = (rest[0],)
    elif kind == 'CERT0':
        what = ()
    else:
        what = tuple(rest[:2])
    sender, to = (ip_address(ip), port), (ip_address(to_ip), to_port)
    return Row(kind, proto, sender, to, what, int(frame))


def truth_rows(path):
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            columns = line.rstrip('\n').split('\t')
            if columns[0] in KINDS:
                yield truth_row(columns)


def corrections(folder):
    """By file, rows to add and rows to drop where tshark is wrong."""
    found = collections.defaultdict(lambda: {'+': [], '-': []})
    path = folder / 'CORRECTIONS.tsv'
    if path.exists():
        for line in path.read_text(encoding='utf-8').splitlines():
            name, sign, _why, *columns = line.split('\t')
            found[name][sign].append(truth_row(columns))
    return found


def hex4(text):
    return text.removeprefix('0x')


def handshake_rows(h):
    proto = h['protocol'].lower()
    client, server = ((ip_address(h[s]['ip']), str(h[s]['port'])) for s in ('client', 'server'))

    def row(kind, sender, what, frame):
        ends = (client, server) if sender == 'client' else (server, client)
        return Row(kind, proto, *ends, what, frame)

    for hello in (h.get('first_client_hello'), h.get('client_hello')):
        for frame in frames(hello):
            ciphers = ','.join(hex4(c) for c in hello['ciphers']) or '-'
            yield row('CH', 'client', (hex4(hello['version']), ciphers), frame)
    for kind, hello in (('HRR', h.get('hello_retry')), ('SH', h.get('server_hello'))):
        for frame in frames(hello):
            what = (hex4(hello['version']), hex4(hello.get('cipher', '-')))
            yield row(kind, 'server', what, frame)
    for frame in frames(h.get('hello_verify')):
        yield row('HVR', 'server', (hex4(h['hello_verify']['version']),), frame)
    for sender in ('server', 'client'):
        for index, cert in enumerate(h.get(sender + '_certificates', [])):
            yield row('CERT', sender, (str(index), cert['sha1']), cert['frame'])
    for empty in h.get('empty_certificates', []):
        yield row('CERT0', empty['from'], (), empty['frame'])
    for alert in h.get('alerts', []):
        what = (LEVELS[alert['level']], str(alert['code']))
        yield row('ALERT', alert['from'], what, alert['frame'])


def frames(hello):
    return [hello['frame'], *hello.get('repeated', [])] if hello else []


def but_for_frame(rows):
    return collections.Counter(row._replace(frame=0) for row in rows)


class Score:
    def __init__(self):
        self.truth = collections.Counter()
        self.found = collections.Counter()
        self.moved = collections.Counter()
        self.missing = collections.Counter()
        self.extra = collections.Counter()

    def add(self, name, truth, seen, verbose):
        truth, seen = collections.Counter(truth), collections.Counter(seen)
        both = truth & seen
        missing, extra = list((truth - both).elements()), list((seen - both).elements())
        moved = but_for_frame(missing) & but_for_frame(extra)
        self.count(self.truth, truth.elements())
        self.count(self.found, both.elements())
        self.count(self.moved, moved.elements())
        for label, rows in (('missing', missing), ('extra', extra)):
            left = but_for_frame(rows) - moved
            self.count(getattr(self, label), left.elements())
            for row in sorted(rows, key=lambda r: r.frame) if verbose else []:
                here = '' if left[row._replace(frame=0)] else ' in this frame'
                print(f'{name}: {label}{here}: {text(row)}')

    @staticmethod
    def count(counter, rows):
        counter.update(row.kind for row in rows)

    def print(self):
        columns = self.truth, self.found, self.moved, self.missing, self.extra
        line = '{:6}{:>8}{:>8}{:>13}{:>9}{:>7}{:>8}'
        print(line.format('kind', 'truth', 'found', 'other frame', 'missing', 'extra', '%'))
        for kind in KINDS:
            share = 100 * self.found[kind] / self.truth[kind] if self.truth[kind] else 100
            print(line.format(kind, *(column[kind] for column in columns), f'{share:.2f}'))

    def passes(self):
        columns = self.truth, self.found, self.extra
        truth, found, extra = (sum(column[kind] for kind in COUNTED) for column in columns)
        if not truth:
            print('nothing to compare')
            return False
        found, extra = 100 * found / truth, 100 * extra / truth
        print(f'{", ".join(COUNTED)}: {found:.2f} % found in the right frame '
              f'(at least {MUST_FIND}), {extra:.2f} % extra (at most {MAY_ADD})')
        return found >= MUST_FIND and extra <= MAY_ADD


def text(row):
    sender, to = (f'{ip} {port}' for ip, port in (row.sender, row.to))
    return f'frame {row.frame} {row.kind} {row.proto} {sender} > {to} {" ".join(row.what)}'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('-v', '--verbose', action='store_true', help='show every row that differs')
    parser.add_argument('--dir', type=Path, help='captures, each with its NAME.truth.tsv')
    parser.add_argument('word', nargs='*', help='only captures with this in their name')
    options = parser.parse_args()
    folder = options.dir or shared('captures', 'public')

    corrected = corrections(folder)
    score, broken = Score(), 0
    for path in sorted(folder.glob('*.truth.tsv')):
        name = path.name.removesuffix('.truth.tsv')
        if options.word and not any(word in name for word in options.word):
            continue
        truth = collections.Counter(truth_rows(path)) - collections.Counter(corrected[name]['-'])
        truth.update(corrected[name]['+'])
        seen = []
        try:
            for handshake in of_kind(events(folder / name), 'handshake'):
                seen += handshake_rows(handshake)
        except Unreadable as why:
            print(f'{name}: not read: {why}')
        except Broken as why:
            print(f'{name}: {why}')
            broken += 1
        score.add(name, truth, seen, options.verbose)
    score.print()
    return 0 if score.passes() and not broken else 1


if __name__ == '__main__':
    sys.exit(main())
