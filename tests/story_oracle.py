#!/usr/bin/python3
"""Holds handspan's reading of TFTP, CDP, LLDP and DHCP in the public captures against tshark's, frame by frame, and what it
says of the phone that boots in ../shared/samples."""
import sys

from harness import Broken, Unreadable, events, of_kind, shared

# Columns of *.aux.tsv, as ../shared/tools/auxrows.py writes them.
KINDS = ('TFTP', 'CDP', 'LLDP', 'DHCP')
TYPES = {'-': 'BOOTP', '1': 'DISCOVER', '2': 'OFFER', '3': 'REQUEST', '4': 'DECLINE', '5': 'ACK', '6': 'NAK',
         '7': 'RELEASE', '8': 'INFORM'}


def same(column, value):
    """Nothing is '-' there; line ends in a CDP version are ' / ', and it is cut at 100 characters."""
    value = '-' if value in (None, '') else str(value)
    return column == value.replace('\\x0a', ' / ').replace('\\x0d', '')[:len(column)]


def has_tftp(row, objects):
    """A request that comes again belongs to the transfer of the first, whose mode is told."""
    frame, _, _, _, _, opcode, file, mode = row
    for transfer in of_kind(objects, 'transfer'):
        if opcode == '5':
            found = transfer.get('error', {}).get('frame') == int(frame)
        elif int(frame) == transfer['frame']:
            found = (same(file, transfer['file']) and same(mode, transfer.get('mode')) and
                     opcode == ('2' if transfer.get('write') else '1'))
        else:
            found = int(frame) in transfer.get('repeated', []) and same(file, transfer['file'])
        if found:
            return True
    return False


def has_cdp(row, objects):
    frame, mac, device, platform, port, software = row
    return any(o['frame'] == int(frame) and same(mac, o.get('mac')) and same(device, o.get('device_id')) and
               same(platform, o.get('platform')) and same(port, o.get('port')) and
               same(software, o.get('software')) for o in of_kind(objects, 'cdp'))


def has_lldp(row, objects):
    frame, mac, _, _, name = row
    return any(o['frame'] == int(frame) and same(mac, o.get('mac')) and same(name, o.get('name'))
               for o in of_kind(objects, 'lldp'))


def has_dhcp(row, objects):
    frame, mac, kind, vendor, host, servers = row
    return any(o['frame'] == int(frame) and o.get('mac') == mac and o['type'] == TYPES.get(kind) and
               same(vendor, o.get('vendor_class')) and same(host, o.get('host_name')) and
               same(servers, ','.join(o.get('tftp_servers', [])))
               for o in of_kind(objects, 'dhcp'))


HAS = {'TFTP': has_tftp, 'CDP': has_cdp, 'LLDP': has_lldp, 'DHCP': has_dhcp}


def look_at(rows, capture):
    """How many rows there are, and those that are not found."""
    wanted = [line.split('\t') for line in rows.read_text(encoding='utf-8').splitlines()]
    wanted = [row for row in wanted if row[0] in KINDS]
    objects = events(capture) if wanted else []
    return len(wanted), [row for row in wanted if not HAS[row[0]](row[1:], objects)]


def main():
    folder = shared('captures', 'public')
    bad = total = 0
    for rows in sorted(folder.glob('*.aux.tsv')):
        capture = folder / rows.name.removesuffix('.aux.tsv')
        try:
            n, missing = look_at(rows, capture)
        except Unreadable as why:
            print('note:', why)
            continue
        except Broken as why:
            n, missing = 1, [[str(why)]]
        total += n
        bad += len(missing)
        for row in missing:
            print('FAIL', capture.name, *row)
    print(f'{total - bad} of {total} rows found')
    return 1 if bad or total == 0 else 0


if __name__ == '__main__':
    sys.exit(main())
