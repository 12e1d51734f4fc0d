#!/usr/bin/python3
"""What the kernel leaves out of a live capture by default does not matter: with the same filter handspan says the same of
captures, those of pcaps/ and the shared ones where they are there; and of the same with voice put in between, and the outer
VLAN tag taken off, as the kernel does."""
import os
import re
import struct
import sys
import tempfile
from pathlib import Path

from harness import ROOT, Broken, Unreadable, events

SHARED = Path(os.environ.get('SHARED', ROOT.parent / 'shared')) / 'captures'
SOURCE = ROOT / 'src' / 'capture' / 'capture_filter.c'
TAGS = (b'\x81\x00', b'\x88\xa8')
VOICE = b'\x80\x00' + 18 * b'v'

# Of the summary, what counts frames and not what is in them.
OF_FRAMES = ('packets', 'bytes', 'first_time', 'last_time', 'unreadable', 'cut')


def left_out():
    text = SOURCE.read_text()
    text = text[text.index('static const char left_out[] ='):]
    return ''.join(re.findall(r'"(.*)"', text[:text.index(';')]))


def untag(frame):
    return frame[:12] + frame[16:] if frame[12:14] in TAGS else frame


def voice_beside(frame):
    """A datagram of RTP between the same ports as this frame's, where it is UDP in plain IPv4 or IPv6."""
    if frame[12:15] == b'\x08\x00\x45' and frame[23] == 17 and not (frame[20] & 0x3f or frame[21]):
        udp, length, more = 34, 16, 20
    elif frame[12:14] == b'\x86\xdd' and frame[20] == 17:
        udp, length, more = 54, 18, 0
    else:
        return []
    voice = frame[udp:udp + 4] + struct.pack('>HH', 8 + len(VOICE), 0) + VOICE
    return [frame[:length] + struct.pack('>H', more + len(voice)) + frame[length + 2:udp] + voice]


def on_the_wire(capture):
    """A pcap file of Ethernet frames as the kernel would filter them, with voice put in; None for any other."""
    data = capture.read_bytes()
    order = {b'\xd4\xc3\xb2\xa1': '<', b'\xa1\xb2\xc3\xd4': '>'}.get(data[:4])
    if order is None or struct.unpack(order + 'I', data[20:24])[0] != 1:
        return None
    out, at = [data[:24]], 24
    while at + 16 <= len(data):
        seconds, us, n, _ = struct.unpack(order + '4I', data[at:at + 16])
        frame = untag(data[at + 16:at + 16 + n])
        at += 16 + n
        for f in [frame, *voice_beside(frame)]:
            out += [struct.pack(order + '4I', seconds, us, len(f), len(f)), f]
    return b''.join(out)


def said(*arguments):
    """What handspan says, and how many frames it took."""
    objects = events('--all', *arguments)
    frames = objects[-1]['packets']
    for key in OF_FRAMES:
        objects[-1].pop(key, None)
    return objects, frames


def compare(name, capture, text):
    """How many frames the filter left out; None where what is said differs."""
    try:
        want, frames = said(capture)
        got, taken = said('-f', text, capture)
    except Unreadable:
        return 0
    if want != got:
        differing = [(w, g) for w, g in zip(want, got) if w != g]
        print(f'FAIL {name}: {len(want)} and {len(got)} objects, first: {str(differing[:1])[:600]}')
        return None
    return frames - taken


def main():
    text = left_out()
    captures = sorted((ROOT / 'pcaps').glob('*.pcap')) + sorted(SHARED.glob('**/*.pcap*'))
    captures = [c for c in captures if c.suffix in ('.pcap', '.pcapng')]
    bad = total = 0
    if not SHARED.is_dir():
        print(f'note: {SHARED} is not there: only pcaps/ is looked at')
    with tempfile.TemporaryDirectory() as scratch:
        wire = Path(scratch) / 'wire.pcap'
        for capture in captures:
            files = [(capture.name, capture)]
            frames = on_the_wire(capture)
            if frames:
                wire.write_bytes(frames)
                files.append((f'{capture.name}, on the wire', wire))
            for name, file in files:
                try:
                    n = compare(name, file, text)
                except Broken as why:
                    print(f'FAIL {name}: {why}')
                    n = None
                bad += n is None
                total += n or 0
    print(f'{len(captures)} captures, {total} frames left out')
    return 1 if bad or total == 0 else 0


if __name__ == '__main__':
    sys.exit(main())
