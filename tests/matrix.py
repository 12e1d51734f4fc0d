#!/usr/bin/python3
"""Reads one handshake in all its wrappings (encapsulated, fragmented, reordered, repeated, cut) and
asks each time for the leaf's SHA-1, or for the reason why there is none."""
import sys

from harness import Broken, Unreadable, events, of_kind, shared


def answers(handshake):
    """The leaf's SHA-1 and the reasons for what is missing."""
    leaves = [cert['sha1'] for cert in handshake['server_certificates'][:1]]
    return leaves + [m['why'] for m in handshake.get('missing', [])
                     if m['what'] == 'server_certificates']


def main():
    folder = shared('captures', 'matrix')
    bad = 0
    for line in (folder / 'EXPECT.tsv').read_text(encoding='utf-8').splitlines():
        name, wanted = line.split('\t')
        try:
            handshakes = of_kind(events(folder / name), 'handshake')
            seen = [answer for h in handshakes for answer in answers(h)]
            ok = wanted in seen and len(handshakes) == 1
            said = f'{len(handshakes)} handshakes: {", ".join(seen) or "nothing"}'
        except (Unreadable, Broken) as why:
            ok, said = False, str(why)
        print('ok  ' if ok else 'FAIL', name, '' if ok else f'wanted {wanted}, {said}')
        bad += not ok
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
