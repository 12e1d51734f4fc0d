#!/usr/bin/python3
"""The line of progress on a terminal: it comes where it should, goes before anything else is said, and garbles nothing.

A file that takes long to read costs no room: it is a hole, and a pcap record of zeros is a frame without bytes."""
import os
import pty
import re
import signal
import struct
import sys
import tempfile
import time
from pathlib import Path

from harness import HANDSPAN, ROOT, skip

CAPTURE = ROOT / 'pcaps' / 'ec-certificate.pcap'
HEADER = 24
RECORD_HEADER = 16
LONG = 64 * 1000 ** 3  # bytes: minutes of reading

CLEAR = r'\r\x1b\[K'
LINE = r'\r\x1b\[\?7l([^\r\n\x1b]*)\x1b\[K\x1b\[\?7h'

failed = []


def check(good, what):
    if not good:
        print('FAIL', what)
        failed.append(what)


def long_file(path, before, after):
    """The frames of a capture with so many bytes of empty ones before and behind them."""
    whole = CAPTURE.read_bytes()
    with open(path, 'wb') as file:
        file.write(whole[:HEADER])
        file.truncate(HEADER + before // RECORD_HEADER * RECORD_HEADER)
        file.seek(0, os.SEEK_END)
        file.write(whole[HEADER:])
        file.truncate(file.tell() + after // RECORD_HEADER * RECORD_HEADER)
    return path


def catches_sigint(pid):
    status = Path(f'/proc/{pid}/status').read_text(encoding='ascii')
    return int(re.search(r'^SigCgt:\s*(\w+)', status, re.M)[1], 16) >> (signal.SIGINT - 1) & 1


def on_terminal(arguments, until=None, seconds=60.0, **redirect):
    """What handspan writes to a terminal, which is all that it has but for what is redirected. When until, a pattern, is
    seen, or it has read for so long, it gets a SIGINT."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ['TERM'] = redirect.pop('term', 'xterm')
        for name, path in redirect.items():
            fd = os.open(path, os.O_RDONLY if name == 'stdin' else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(fd, {'stdin': 0, 'stdout': 1, 'stderr': 2}[name])
        os.execv(HANDSPAN, [HANDSPAN, *map(str, arguments)])
    end = None
    seen, told = b'', False
    os.set_blocking(terminal, False)
    while True:
        try:
            some = os.read(terminal, 65536)
        except BlockingIOError:
            some = None
            time.sleep(0.01)
            if not end and catches_sigint(child):
                end = time.monotonic() + seconds
        except OSError:  # the other end is closed
            break
        if some == b'':
            break
        seen += some or b''
        if not told and ((end and time.monotonic() > end) or (until and re.search(until, seen.decode(errors='replace')))):
            os.kill(child, signal.SIGINT)
            told = True
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    check(status in (0, 1), f'{arguments}: exit status {status}')
    return seen.decode(errors='replace').replace('\r\n', '\n')


def without_lines(text, what):
    """What is left on the screen; every line must have been taken away."""
    text = re.sub(f'(?:{LINE})+{CLEAR}', '', text)
    check('\x1b' not in text and '\r' not in text, f'{what}: a line stays: {text[-300:]!r}')
    return text


def shown(text):
    return re.findall(LINE, text)


def try_interrupt(path):
    """The line is there soon, and gone when SIGINT ends the reading. Gives the bytes read in a second."""
    text = on_terminal([path], until=f'{LINE}.*{LINE}')
    lines = shown(text)
    check(bool(lines), 'a long file shows no progress')
    for line in lines:
        check(re.fullmatch(r'long\.pcap  \d+ %  [\d.]+ [kM]B of 64\.0 GB  [\d.]+ [kMG]B/s  (\d+:)+\d\d left', line), f'reads {line!r}')
    left = without_lines(text, 'SIGINT')
    check(re.search(r'^\d+ packets', left, re.M) and left.endswith('\n'), f'SIGINT: no report: {left[-300:]!r}')
    done = re.search(r'([\d.]+) ([kM])B of', lines[-1]) if lines else None
    return float(done[1]) * (1000 ** 2 if done[2] == 'M' else 1000) if done else 1000 ** 2


def try_output(folder, before):
    """What is found while the line is shown stands on the terminal as it stands in files."""
    for options in (['--color=never'], ['--json']):
        for times in (1, 4, 16):  # a machine that was busy when its rate was measured may read faster now
            path = long_file(folder / 'handshakes.pcap', before * times, before // 4)
            beside = on_terminal([*options, path], stdout=folder / 'out')
            text = on_terminal([*options, path])
            if shown(beside) and shown(text):
                break
        check(bool(shown(beside)), f'{options}: no progress beside a file')
        check(bool(shown(text)), f'{options}: no progress beside handshakes')
        apart = without_lines(beside, f'{options}, stdout is a file') + (folder / 'out').read_text()
        together = without_lines(text, f'{options}')
        check(sorted(together.splitlines()) == sorted(apart.splitlines()), f'{options}: other lines on the terminal')


def try_silence(path, folder):
    """Where no line is to be seen."""
    os.mkfifo(folder / 'pipe')
    reader = os.open(folder / 'pipe', os.O_RDONLY | os.O_NONBLOCK)
    for what, options, redirect in (('-q', ['-q'], {}),
                                    ('stderr is a file', [], {'stderr': folder / 'err'}),
                                    ('stdout is a pipe', [], {'stdout': folder / 'pipe'}),
                                    ('a terminal that can do nothing', [], {'term': 'dumb'})):
        text = on_terminal([*options, path], seconds=1.7, **redirect)
        check('\x1b' not in text, f'{what}: {text[:200]!r}')
    os.close(reader)


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # so that whoever catches it is handspan
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = long_file(folder / 'long.pcap', LONG - CAPTURE.stat().st_size, 0)
        if path.stat().st_blocks > 1000:
            skip('files have no holes here')
        rate = try_interrupt(path)
        try_output(folder, int(2 * rate))
        try_silence(path, folder)
    sys.exit(bool(failed))


main()
