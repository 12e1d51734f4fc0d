#!/usr/bin/python3
"""Damaged captures: those of pcaps/, and the shared ones where they are there, are changed at
random but the same way each time. handspan must neither crash nor hang, and say what is valid.

usage: mutate.py [--mutants N] [--first NUMBER] [--seed WORD] [--keep FOLDER]
"""
import argparse
import gzip
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import HANDSPAN, ROOT, last_words

SHARED = Path(os.environ.get('SHARED', ROOT.parent / 'shared')) / 'captures'
SEED_SIZE = 300_000  # bytes of a capture at the most: a run should take milliseconds
SECONDS = 10         # that a run may take
SCHEMA_EVERY = 4     # mutants: the JSON of one of them is held against the schema

PCAP = {b'\xd4\xc3\xb2\xa1': '<', b'\xa1\xb2\xc3\xd4': '>', b'\x4d\x3c\xb2\xa1': '<', b'\xa1\xb2\x3c\x4d': '>'}
PCAPNG = b'\x0a\x0d\x0d\x0a'
SNOOP = b'snoop\0\0\0'

# ---- captures in pieces ----


def pcap_pieces(data):
    """The file's header, then each packet with its own."""
    order = PCAP[data[:4]]
    pieces, at = [data[:24]], 24
    while at + 16 <= len(data):
        end = at + 16 + struct.unpack(order + 'I', data[at + 8:at + 12])[0]
        pieces.append(data[at:end])
        at = end
    return pieces


def pcapng_pieces(data):
    """The blocks, up to a section of other byte order."""
    order = '<' if data[8:12] == b'\x4d\x3c\x2b\x1a' else '>'
    pieces, at = [], 0
    while at + 12 <= len(data):
        length = struct.unpack(order + 'I', data[at + 4:at + 8])[0]
        if length < 12:
            break
        pieces.append(data[at:at + length])
        at += length
    return pieces + [data[at:]]


def snoop_pieces(data):
    """The file's header, then the records."""
    pieces, at = [data[:16]], 16
    while at + 24 <= len(data):
        end = at + max(24, struct.unpack('>I', data[at + 8:at + 12])[0])
        pieces.append(data[at:end])
        at = end
    return pieces


def pieces_of(data):
    if data[:4] in PCAP:
        return pcap_pieces(data)
    if data[:4] == PCAPNG:
        return pcapng_pieces(data)
    if data[:8] == SNOOP:
        return snoop_pieces(data)
    return [data]


# ---- damages; each takes its share of chance and changes a list of pieces ----


def some(rng, pieces):
    """The index of a piece that is not the file's header, where there is another."""
    return rng.randrange(1, len(pieces)) if len(pieces) > 1 else 0


def place(rng, data):
    """An offset: half of the time at the beginning of a handshake record, where there is one."""
    record = max(data.rfind(b'\x16\x03'), data.rfind(b'\x16\xfe'), data.rfind(b'\x16\x01\x00'))
    if record >= 0 and rng.random() < 0.5:
        return min(record + rng.randrange(64), len(data) - 1)
    return rng.randrange(len(data)) if data else 0


def change_bytes(rng, pieces):
    i = some(rng, pieces)
    piece = bytearray(pieces[i])
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        if piece:
            piece[place(rng, piece)] = rng.choice((0, 1, 0x7f, 0x80, 0xff, rng.randrange(256)))
    pieces[i] = bytes(piece)


def change_number(rng, pieces):
    """Two, three or four bytes as a length that lies a little, or much."""
    i = some(rng, pieces)
    width, order = rng.choice((2, 2, 3, 4)), rng.choice(('big', 'big', 'little'))
    at = place(rng, pieces[i])
    value = int.from_bytes(pieces[i][at:at + width], order)
    value = rng.choice((0, 1, value - 1, value + 1, value * 2, 256 ** width - 1, rng.randrange(2048)))
    piece = pieces[i][:at] + (value % 256 ** width).to_bytes(width, order) + pieces[i][at + width:]
    pieces[i] = piece[:len(pieces[i])]


def change_file_header(rng, pieces):
    at = rng.randrange(min(48, len(pieces[0])) or 1)
    pieces[0] = pieces[0][:at] + rng.randbytes(1) + pieces[0][at + 1:]


def drop(rng, pieces):
    first = some(rng, pieces)
    del pieces[first:first + rng.choice((1, 1, 1, 2, 5))]


def double(rng, pieces):
    i = some(rng, pieces)
    pieces.insert(rng.randrange(1, len(pieces) + 1), pieces[i])


def swap(rng, pieces):
    i, j = some(rng, pieces), some(rng, pieces)
    pieces[i], pieces[j] = pieces[j], pieces[i]


def cut(rng, pieces):
    """A packet as a snap length leaves it: its header says so."""
    i = some(rng, pieces)
    kept = rng.randrange(max(1, len(pieces[i]) - 16))
    order = PCAP.get(pieces[0][:4])
    if order:
        pieces[i] = pieces[i][:8] + struct.pack(order + 'I', kept) + pieces[i][12:16 + kept]
    else:
        pieces[i] = pieces[i][:kept]


def splice(rng, pieces):
    """A part of one packet over a part of another."""
    i, j = some(rng, pieces), some(rng, pieces)
    at, source = place(rng, pieces[i]), place(rng, pieces[j])
    part = pieces[j][source:source + rng.randrange(1, 64)]
    pieces[i] = (pieces[i][:at] + part + pieces[i][at + len(part):])[:len(pieces[i])]


def shift(rng, pieces):
    """Bytes put in or taken out: all behind them moves."""
    i = some(rng, pieces)
    at = place(rng, pieces[i])
    more = rng.randbytes(rng.randrange(8))
    pieces[i] = pieces[i][:at] + more + pieces[i][at + rng.randrange(8):]


def truncate(rng, pieces):
    data = b''.join(pieces)
    pieces[:] = [data[:place(rng, data)]]


DAMAGES = [change_bytes] * 4 + [change_number] * 4 + [splice, shift, cut, cut, drop, drop, double, swap]
RARE = [truncate, change_file_header]


def damage(rng, data):
    pieces = pieces_of(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8, 20))):
        rng.choice(DAMAGES)(rng, pieces)
        if not pieces:
            pieces = [data[:24]]
    if rng.random() < 0.1:
        rng.choice(RARE)(rng, pieces)
    return b''.join(pieces)


def damage_configuration(rng, data):
    """XML, line by line."""
    pieces = data.splitlines(keepends=True)
    for _ in range(rng.choice((1, 2, 4))):
        rng.choice((change_bytes, drop, double, swap, splice, shift))(rng, pieces)
        if not pieces:
            return b''
    return b''.join(pieces)


# ---- mutants ----


def seeds():
    """Captures, each with the configuration beside it or None."""
    found = []
    for folder in (ROOT / 'pcaps', SHARED / 'public', SHARED / 'matrix', SHARED / 'lab'):
        for path in sorted(folder.glob('**/*')):
            names = path.name.split('.')
            if not {'pcap', 'pcapng', 'cap', 'snoop'} & set(names[1:]) or names[-1] in ('tsv', 'txt', 'json', 'xml'):
                continue
            if path.stat().st_size > SEED_SIZE:
                continue
            beside = [path.with_name(names[0] + '.cnf.xml'), path.with_name('SEP001122334455.cnf.xml')]
            found.append((path, next((c for c in beside if c.is_file()), None)))
    return found


class Mutant:
    def __init__(self, seed, number, captures):
        rng = random.Random(f'{seed} {number}')
        self.number = number
        self.path, configuration = rng.choice(captures)
        data = self.path.read_bytes()
        if data[:2] == b'\x1f\x8b' and rng.random() < 0.8:
            data = gzip.decompress(data)
        self.capture = damage(rng, data)
        self.configuration = configuration.read_bytes() if configuration else None
        if configuration and rng.random() < 0.25:
            self.configuration = damage_configuration(rng, self.configuration)
        self.form = 'text' if number % 4 == 3 else 'json'

    def run(self, scratch):
        """What is wrong with handspan's answer, or None; and the answer."""
        command = [HANDSPAN, '--format', self.form, '-']
        if self.configuration is not None:
            file = scratch / f'{self.number}.cnf.xml'
            file.write_bytes(self.configuration)
            command[-1:] = ['--phone-config', file, '-']
        try:
            run = subprocess.run(command, input=self.capture, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return f'no end after {SECONDS} s', b''
        if run.returncode not in (0, 1, 3) or b'Sanitizer' in run.stderr or b'runtime error' in run.stderr:
            return f'exit status {run.returncode}: {last_words(run.stderr)}', b''
        return (wrong_text if self.form == 'text' else wrong_json)(run), run.stdout

    def keep(self, folder):
        (folder / f'{self.number}.capture').write_bytes(self.capture)
        if self.configuration is not None:
            (folder / f'{self.number}.cnf.xml').write_bytes(self.configuration)


def wrong_json(run):
    try:
        objects = [json.loads(line) for line in run.stdout.decode().splitlines()]
    except ValueError as why:
        return f'no JSON: {why}'
    if run.returncode != 3 and (not objects or objects[-1]['event'] != 'summary'):
        return 'no summary at the end'
    return None


def wrong_text(run):
    try:
        text = run.stdout.decode()
    except ValueError as why:
        return f'no text: {why}'
    if run.returncode != 3 and not text.endswith('\n'):
        return 'the text does not end'
    harmful = [c for c in text if c != '\n' and not c.isprintable()]
    return f'{harmful[0]!r} in the text' if harmful else None


def wrong_by_schema(lines):
    run = subprocess.run([ROOT / 'tests' / 'schema.py'], input=lines, capture_output=True, check=False)
    if run.returncode == 77:
        print('note: the JSON is not held against its schema')
    return run.stdout.decode() if run.returncode not in (0, 77) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n', maxsplit=1)[0])
    parser.add_argument('--mutants', type=int, default=400)
    parser.add_argument('--first', type=int, default=0, help='number of the first')
    parser.add_argument('--seed', default='handspan')
    parser.add_argument('--keep', type=Path, help='where those that fail are written')
    options = parser.parse_args()

    captures, bad, sample = seeds(), 0, []
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as pool:
        def work(number):
            mutant = Mutant(options.seed, number, captures)
            return mutant, *mutant.run(Path(scratch))

        for mutant, wrong, out in pool.map(work, range(options.first, options.first + options.mutants)):
            if wrong is None and mutant.form == 'json' and mutant.number % SCHEMA_EVERY == 1:
                sample.append(out)
            if wrong is None:
                continue
            bad += 1
            print(f'FAIL mutant {mutant.number} of {mutant.path.name}, {mutant.form}: {wrong}', flush=True)
            if options.keep:
                mutant.keep(options.keep)
    wrong = wrong_by_schema(b''.join(sample))
    if wrong:
        bad += 1
        print('FAIL', wrong)
    print(f'{options.mutants} mutants of {len(captures)} captures, {bad} wrong')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
