#!/usr/bin/python3
"""What handspan costs, of what reading the packets costs by itself.

usage: bench.py [--rounds N] [--scale X] [--dir DIR] [--instructions] [--write] [KIND...]

Each workload (tests/bench/workload.c) is read in turns by a bare libpcap loop and by handspan --json, N times over;
what counts is the processor's time, user's and system's together, and the median of the ratios. Other work on the machine
changes these numbers by a tenth and more; --instructions counts by valgrind instead, which nothing disturbs. Other
programs that are installed read a shorter workload of the same kind. --write puts the tables into docs/performance.md.
"""
import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from harness import HANDSPAN, ROOT, skip  # pylint: disable=wrong-import-position

BUILT = Path(HANDSPAN).with_name('tests') / 'bench'
PAGE = ROOT / 'docs' / 'performance.md'

# Packets, for half a second of the bare loop; the most that handspan may take, of what the bare loop does.
KINDS = {
    'bulk': (2_500_000, 1.3),
    'span': (3_500_000, 1.5),
    'handshakes': (8_000_000, 5.0),
    'dtls': (8_000_000, 6.0),
    'lossy': (3_500_000, None),
    'small': (15_000_000, None),
}
LEAST_SMALL = 5e6     # packets of 60 bytes a second
MOST_KIB = 64 * 1024  # peak memory
SHORTER = 20          # of what the others read
COUNTED = 100_000     # packets whose instructions are counted, behind as many that are not

OTHERS = {
    'libnids': [BUILT / 'nids_bare'],
    'ndpiReader': ['ndpiReader', '-q', '-i'],
    'ssldump': ['ssldump', '-n', '-r'],
    'tshark': ['tshark', '-n', '-Y', 'tls.handshake || dtls.handshake', '-r'],
}


class Cost:
    """What one program took for one file. Its memory begins with what this one had when it started it, some 15 MiB."""

    def __init__(self, program, path):
        process = subprocess.Popen([*program, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            sys.exit(f'{program[0]} {path}: exit status {process.returncode}')
        self.seconds = usage.ru_utime + usage.ru_stime
        self.kib = usage.ru_maxrss


BARE = [BUILT / 'bare']
OURS = [HANDSPAN, '--json']
WATCHED = [*OURS, '--no-sandbox']  # valgrind asks for system calls of its own


def make(kind, packets, folder):
    path = Path(folder) / f'{kind}.pcap'
    with path.open('wb') as out:
        subprocess.run([BUILT / 'workload', kind, str(packets)], stdout=out, check=True)
    return path


def table(head, rows):
    lines = [head, ['---' if i == 0 else '---:' for i in range(len(head))], *rows]
    return '\n'.join('| ' + ' | '.join(map(str, line)) + ' |' for line in lines)


def seen(path, packets):
    """How many handshakes handspan sees: what is measured must have been read."""
    with subprocess.Popen([*OURS, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as handspan:
        last = subprocess.run(['tail', '-n', '1'], stdin=handspan.stdout, stdout=subprocess.PIPE, check=True)
    summary = json.loads(last.stdout)
    if summary['packets'] != packets or summary['unreadable'] > 0:
        sys.exit(f'{path}: not all of its {packets} packets were read: {summary}')
    return summary['handshakes']


class Bench:
    """All workloads, measured."""

    def __init__(self, arguments):
        self.rounds = arguments.rounds
        self.scale = arguments.scale
        self.rows, self.other_rows, self.over = [], [], []
        self.others = {name: program for name, program in OTHERS.items() if shutil.which(program[0])}

    def measure(self, kind, folder):
        packets, most = KINDS[kind]
        packets = max(1000, int(packets * self.scale))
        path = make(kind, packets, folder)
        size = path.stat().st_size - 24 - 16 * packets
        turns = [(Cost(BARE, path), Cost(OURS, path)) for _ in range(self.rounds)]
        path.unlink()
        bare, ours = (statistics.median(turn[i].seconds for turn in turns) for i in (0, 1))
        ratio = statistics.median(turn[1].seconds / turn[0].seconds for turn in turns)
        kib = max(turn[1].kib for turn in turns)
        limit = f'at most {most}' if most else 'at least 5 M packets/s' if kind == 'small' else ''
        self.rows.append([kind, f'{packets:,}', f'{size / packets:.0f}', f'{bare / packets * 1e9:.0f}',
                          f'{ours / packets * 1e9:.0f}', f'{ratio:.2f}', limit, f'{packets / ours / 1e6:.2f} M',
                          f'{8 * size / ours / 1e9:.1f}', f'{kib / 1024:.0f} MiB'])
        self.check(kind, ratio, packets / ours, kib)

    def check(self, kind, ratio, rate, kib):
        most = KINDS[kind][1]
        if most and ratio > most:
            self.over.append(f'{kind}: {ratio:.2f} times the bare loop, at most {most}')
        if kind == 'small' and rate < LEAST_SMALL:
            self.over.append(f'{kind}: {rate / 1e6:.2f} million packets/s, at least {LEAST_SMALL / 1e6:.0f}')
        if kib >= MOST_KIB:
            self.over.append(f'{kind}: {kib} KiB of memory')

    def compare(self, kind, folder):
        packets = max(1000, int(KINDS[kind][0] * self.scale / SHORTER))
        path = make(kind, packets, folder)
        row = [kind, f'{packets:,}', f'{seen(path, packets):,}']
        for program in (BARE, OURS, *self.others.values()):
            row.append(f'{Cost(program, path).seconds / packets * 1e9:,.0f}')
        path.unlink()
        self.other_rows.append(row)

    def text(self):
        text = table(['workload', 'packets', 'bytes each', 'bare, ns', 'handspan, ns', 'ratio', 'limit', 'packets/s',
                      'Gbit/s', 'memory'], self.rows)
        text += '\n\nShorter ones, and other programs; nanoseconds a packet, their beginning and end included:\n\n'
        return text + table(['workload', 'packets', 'handshakes', 'bare', 'handspan', *self.others], self.other_rows)


def instructions(program, path):
    run = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null', *program, path],
                         capture_output=True, text=True, check=False)
    found = re.search(r'Collected : (\d+)', run.stderr)
    if found is None:
        sys.exit(f'valgrind {program[0]} {path}: {run.stderr[-1000:]}')
    return int(found[1])


def counted(kinds, folder):
    """Instructions a packet, outside the kernel: what twice as many packets take more."""
    rows = []
    for kind in kinds:
        paths = [make(kind, COUNTED, folder).rename(Path(folder) / 'once'), make(kind, 2 * COUNTED, folder)]
        bare, ours = ((instructions(program, paths[1]) - instructions(program, paths[0])) / COUNTED
                      for program in (BARE, WATCHED))
        rows.append([kind, f'{bare:.0f}', f'{ours:.0f}', f'{ours / bare:.2f}'])
        print('  '.join(rows[-1]), flush=True)
        for path in paths:
            path.unlink()
    return table(['workload', 'bare', 'handspan', 'ratio'], rows)


def machine():
    info = Path('/proc/cpuinfo').read_text(encoding='utf-8')
    name = re.search(r'model name\s*: (.*)', info)
    return f'{name[1] if name else platform.machine()}, {platform.system()} {platform.machine()}'


def write(name, text):
    """Replaces what stands between the page's two marks of that name."""
    page = PAGE.read_text(encoding='utf-8')
    begin, end = f'<!-- {name} -->\n', f'<!-- end of {name} -->'
    head, rest = page.split(begin)
    PAGE.write_text(f'{head}{begin}\nOn {machine()}:\n\n{text}\n\n{end}{rest.split(end)[1]}', encoding='utf-8')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--scale', type=float, default=1)
    parser.add_argument('--dir')
    parser.add_argument('--instructions', action='store_true')
    parser.add_argument('--write', action='store_true')
    parser.add_argument('kinds', nargs='*', metavar='KIND')
    arguments = parser.parse_args()
    if b'__asan_init' in Path(HANDSPAN).read_bytes():
        skip('a sanitizer takes its own time')
    with tempfile.TemporaryDirectory(dir=arguments.dir) as folder:
        if arguments.instructions:
            text = counted(arguments.kinds or ('bulk', 'span'), folder)
            print(text)
            if arguments.write:
                write('instructions', text)
            return 0
        bench = Bench(arguments)
        for kind in arguments.kinds or KINDS:
            bench.measure(kind, folder)
            bench.compare(kind, folder)
            print('  '.join(bench.rows[-1]), flush=True)
    print(f'\n{bench.text()}\n')
    for what in bench.over:
        print('OVER', what)
    if arguments.write:
        write('bench', bench.text())
    return 1 if bench.over else 0


if __name__ == '__main__':
    sys.exit(main())
