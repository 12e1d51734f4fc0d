#!/usr/bin/python3
"""Hostile workloads (tests/flood.c), through a pipe: memory stays bounded, what is given up is
counted, the report is quick, and no packet costs more than those before it.

usage: flood.py [KIND...]    HANDSPAN_FLOOD=10000000 for the long run
"""
import json
import os
import subprocess
import sys
from pathlib import Path

from harness import HANDSPAN

FLOOD = Path(HANDSPAN).with_name('tests') / 'flood'
PACKETS = int(os.environ.get('HANDSPAN_FLOOD', 300_000))

MOST_KIB = 64 * 1024  # peak memory
MOST_REPORT = 5       # seconds of processor from the last packet to the end
MOST_GROWTH = 1.5     # cost of a packet of the last third, of one of the first million

# What each kind must be seen to give up; of some a part of the packets is enough, they cost more.
KINDS = {
    'announced': (1, 'evicted_flows', 'evicted_handshakes'),
    'authorities': (20, 'evicted_flows', 'evicted_handshakes'),
    'cdp': (1, 'evicted_events'),
    'chain': (40, 'evicted_handshakes'),
    'crumbs': (2, 'evicted_flows'),
    'dhcp': (1, 'evicted_events'),
    'dns': (1, 'evicted_events'),
    'dns-answers': (5, 'evicted_events'),
    'dtls': (1, 'evicted_flows', 'evicted_handshakes'),
    'dtls-announced': (1, 'evicted_flows', 'over_limit'),
    'fragments': (1, 'fragments_lost'),
    'gateways': (5, 'evicted_handshakes'),
    'half': (1, 'evicted_flows'),
    'handshake': (1, 'evicted_flows', 'evicted_handshakes'),
    'hello': (1, 'evicted_flows', 'evicted_handshakes'),
    'holes': (5, 'holes', 'hole_bytes'),
    'http': (1, 'over_limit'),
    'http-heads': (1, 'over_limit'),
    'logins': (5, 'evicted_handshakes'),
    'names': (2, 'evicted_handshakes'),
    'phones': (5, 'evicted_handshakes'),
    'pings': (1, 'evicted_events'),
    'port-reuse': (1, 'evicted_handshakes'),
    'suites': (10, 'evicted_flows', 'evicted_handshakes'),
    'syn': (1, 'evicted_flows'),
    'tftp': (1, 'evicted_events'),
}


class Run:
    """One flood, and what handspan took for it."""

    def __init__(self, kind, packets, form):
        flood = subprocess.Popen([FLOOD, kind, str(packets)], stdout=subprocess.PIPE)
        handspan = subprocess.Popen([HANDSPAN, '--format', form, '--cert-hash', 20 * '42', '-'],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        tail = subprocess.Popen(['tail', '-n', '1'], stdin=handspan.stdout, stdout=subprocess.PIPE)
        handspan.stdout.close()
        self.costs = [(0, 0.0)]  # bytes, seconds of processor
        self.pid = handspan.pid
        self.feed(flood.stdout, handspan.stdin)
        fed = self.processor()
        self.last_line = tail.communicate()[0]
        self.stderr = handspan.stderr.read().decode(errors='replace')
        _, status, usage = os.wait4(self.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        self.kib = usage.ru_maxrss
        self.seconds = usage.ru_utime + usage.ru_stime
        self.report = self.seconds - fed
        handspan.returncode = self.status
        self.complete = flood.wait() == 0

    def feed(self, source, sink):
        fed = 0
        try:
            while block := source.read1(1 << 16):
                sink.write(block)
                fed += len(block)
                if fed - self.costs[-1][0] >= 1 << 22:
                    self.costs.append((fed, self.processor()))
            sink.close()
        except BrokenPipeError:
            pass
        source.close()

    def processor(self):
        """The nanoseconds that the kernel has given to handspan so far, as seconds."""
        return int(Path(f'/proc/{self.pid}/schedstat').read_text(encoding='ascii').split()[0]) / 1e9

    def growth(self, first):
        """What a byte of the last third costs, of what one of the first part does."""
        total = self.costs[-1][0]
        early = next(c for c in self.costs if c[0] >= total * first)
        late = next(c for c in self.costs if c[0] >= total * 2 / 3)
        return (self.costs[-1][1] - late[1]) / (total - late[0]) / (early[1] / early[0])


def complaints(run, kind, packets, form, sanitized):
    if run.status not in (0, 1) or not run.complete:
        yield f'exit status {run.status}: {run.stderr[-2000:]}'
        return
    if form == 'json':
        summary = json.loads(run.last_line)
        if summary['event'] != 'summary' or summary['packets'] != packets:
            yield f'the last line is no summary of {packets} packets: {run.last_line[:200]}'
            return
        for counter in KINDS[kind][1:]:
            if summary[counter] == 0:
                yield f'nothing is counted as {counter}'
    if sanitized:
        return
    if run.kib >= MOST_KIB:
        yield f'{run.kib} KiB of memory'
    if run.report >= MOST_REPORT:
        yield f'{run.report:.1f} s to report'
    if packets >= 5_000_000 and run.growth(1e6 / packets) > MOST_GROWTH:
        yield f'a packet at the end costs {run.growth(1e6 / packets):.2f} of one at the beginning'


def main():
    sanitized = b'__asan_init' in Path(HANDSPAN).read_bytes()
    bad = 0
    if sanitized:
        print('note: memory and time are not judged, and text is left out: a sanitizer takes its own')
    for kind in sys.argv[1:] or KINDS:
        packets = PACKETS // KINDS[kind][0]
        for form in ('json',) if sanitized else ('json', 'text'):
            run = Run(kind, packets, form)
            wrong = list(complaints(run, kind, packets, form, sanitized))
            grown = f', {run.growth(1e6 / packets):.2f}' if packets >= 5_000_000 else ''
            print('FAIL' if wrong else 'ok  ', f'{kind}, {packets} packets, {form}: {run.kib} KiB, '
                  f'{packets / run.seconds:.0f} packets/s, report {run.report:.1f} s{grown}', flush=True)
            for what in wrong:
                print('    ', what)
            bad += bool(wrong)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
