#!/usr/bin/python3
"""Public captures are mostly of handshakes that went well: an error found there, with no
configuration given, must be one that the packets themselves show.

usage: healthy.py [--dir DIR]
"""
import argparse
import sys
from pathlib import Path

from harness import Broken, Unreadable, events, of_kind, shared

# (capture, finding): why it is right, as read in tshark
ALLOWED = {
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('--dir', type=Path, help='captures, each with its NAME.truth.tsv')
    folder = parser.parse_args().dir or shared('captures', 'public')

    bad, unused = 0, set(ALLOWED)
    for path in sorted(folder.glob('*.truth.tsv')):
        name = path.name.removesuffix('.truth.tsv')
        try:
            found = of_kind(events(folder / name), 'finding')
        except (Broken, Unreadable) as why:
            print(f'FAIL {name}: {why}')
            bad += 1
            continue
        for f in found:
            case = (name, f['id'])
            unused.discard(case)
            if f['severity'] == 'error' and case not in ALLOWED:
                frames = ', '.join(map(str, f['frames']))
                print(f'FAIL {name}: {f["id"]} in frames {frames}: {f.get("detail", f["title"])}')
                bad += 1
    for name, finding in sorted(unused):
        print(f'note: {name}: {finding} is allowed, and is not found')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
